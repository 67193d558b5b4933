import { runEventSchema } from '@feedprint/core';
import { createRunFold } from '../../api/fold-events.ts';
import { liveStatusSchema } from '../../api/responses.ts';
import type { RunDetail } from '../../api/responses.ts';
import { eventsUrl, fetchRun } from './client.ts';

export interface LiveRun {
  readonly detail: RunDetail;
  /** False while the stream is broken; the browser tries again by itself. */
  readonly connected: boolean;
}

export interface FollowOptions {
  readonly id: string;
  readonly signal: AbortSignal;
  /** Called when something changed, at most some ten times a second. */
  readonly onChange: (run: LiveRun) => void;
  readonly onError: (error: unknown) => void;
}

const interval = 100;

/** Fetches a run, then follows its events until the signal is aborted. A run that was started anew is fetched anew. */
export async function followRun(options: FollowOptions): Promise<void> {
  const { id, signal, onChange, onError } = options;
  let detail: RunDetail;
  try {
    detail = await fetchRun(id, signal);
  } catch (error) {
    if (!signal.aborted) onError(error);
    return;
  }
  if (signal.aborted) return;

  const fold = createRunFold(detail.state);
  let status = { writing: detail.writing, hasReport: detail.hasReport };
  let connected = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => {
    timer = undefined;
    // The fold changes its state in place; React looks for a new object.
    onChange({ detail: { ...detail, ...status, state: { ...fold.state } }, connected });
  };
  const change = (): void => {
    timer ??= setTimeout(tell, interval);
  };

  const source = new EventSource(eventsUrl(id, detail.next));
  const stop = (): void => {
    source.close();
    clearTimeout(timer);
  };
  signal.addEventListener('abort', stop, { once: true });
  const again = (): void => {
    stop();
    signal.removeEventListener('abort', stop);
    void followRun(options);
  };
  source.onmessage = (message: MessageEvent<string>) => {
    const event = runEventSchema.safeParse(JSON.parse(message.data));
    if (event.success) fold.apply(event.data);
    change();
  };
  source.addEventListener('status', (message) => {
    status = liveStatusSchema.parse(JSON.parse((message as MessageEvent<string>).data));
    change();
  });
  source.addEventListener('restart', again);
  source.onopen = () => {
    connected = true;
    change();
  };
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) {
      again(); // The server refused: it knows the run no more, and says so to the fetch.
      return;
    }
    connected = false;
    change();
  };
  tell();
}
