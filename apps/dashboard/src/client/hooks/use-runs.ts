import { useEffect, useState } from 'react';
import type { RunList } from '../../api/responses.ts';
import { fetchRuns } from '../api/client.ts';
import type { Loadable } from './loadable.ts';
import { failed } from './loadable.ts';

const interval = 1500;

/** All runs, looked at again and again while the page is open. */
export function useRuns(): Loadable<RunList> {
  const [runs, setRuns] = useState<Loadable<RunList>>({ kind: 'loading' });
  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      try {
        setRuns({ kind: 'ready', value: await fetchRuns(controller.signal) });
      } catch (error) {
        if (!controller.signal.aborted) setRuns(failed(error));
      }
      if (!controller.signal.aborted) timer = setTimeout(() => void look(), interval);
    };
    void look();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, []);
  return runs;
}
