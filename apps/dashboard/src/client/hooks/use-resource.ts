import { useEffect, useState } from 'react';
import { failed } from './loadable.ts';
import type { Loadable } from './loadable.ts';

/**
 * What `load` gives, loaded anew when `key` changes. What was there stays until the new is, so that the page keeps its shape; `stale`
 * says so.
 */
export function useResource<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
): Loadable<T> & { readonly stale: boolean } {
  const [shown, setShown] = useState<{ readonly key: string; readonly resource: Loadable<T> }>({
    key: '',
    resource: { kind: 'loading' },
  });
  useEffect(() => {
    const controller = new AbortController();
    load(controller.signal).then(
      (value) => setShown({ key, resource: { kind: 'ready', value } }),
      (error: unknown) => {
        if (!controller.signal.aborted) setShown({ key, resource: failed(error) });
      },
    );
    return () => controller.abort();
    // `load` is made anew by every rendering; what it loads is named by the key.
  }, [key]);
  return { ...shown.resource, stale: shown.key !== key };
}
