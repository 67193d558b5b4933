import { useEffect, useState } from 'react';
import { followRun } from '../api/live-run.ts';
import type { LiveRun } from '../api/live-run.ts';
import { failed } from './loadable.ts';
import type { Loadable } from './loadable.ts';

/** One run, live. */
export function useRun(id: string): Loadable<LiveRun> {
  const [run, setRun] = useState<Loadable<LiveRun>>({ kind: 'loading' });
  useEffect(() => {
    const controller = new AbortController();
    setRun({ kind: 'loading' });
    followRun({
      id,
      signal: controller.signal,
      onChange: (value) => setRun({ kind: 'ready', value }),
      onError: (error) => setRun(failed(error)),
    });
    return () => controller.abort();
  }, [id]);
  return run;
}
