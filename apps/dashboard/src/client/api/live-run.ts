import { runEventSchema } from '@feedprint/core';
import { createRunFold } from '../../api/fold-events.ts';
import { liveStatusSchema } from '../../api/responses.ts';
import type { RunDetail } from '../../api/responses.ts';
import { eventsUrl, fetchRun } from './client.ts';
import type { HubMessage } from './event-hub.ts';
import { listen } from './listen.ts';
import { snapshot } from './snapshot.ts';

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

type EventMessage = HubMessage & { readonly kind: 'event' };

const interval = 100;
/** Milliseconds until a run that could not be fetched is fetched again. */
const again = 2000;

/**
 * Follows a run's events, then fetches the run and goes on from there, until the signal is aborted: what comes in between is held
 * back, and what the fetched run already has is left out. A run that was started anew is fetched anew.
 */
export function followRun({ id, signal, onChange, onError }: FollowOptions): void {
  if (snapshot) {
    void fetchRun(id, signal).then((detail) => onChange({ detail, connected: true }), onError);
    return;
  }
  let detail: RunDetail | undefined;
  let fold: ReturnType<typeof createRunFold> | undefined;
  /** Whether the stream has begun, so that nothing can come between it and what is fetched then. */
  let joined = false;
  let held: EventMessage[] | undefined;
  let connected = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let leave: () => void = () => undefined;

  const tell = (): void => {
    timer = undefined;
    // The fold changes its state in place; React looks for a new object.
    if (detail && fold) onChange({ detail: { ...detail, state: { ...fold.state } }, connected });
  };
  const change = (): void => {
    timer ??= setTimeout(tell, interval);
  };
  const apply = ({ data, end }: EventMessage): void => {
    if (!fold || !detail || end <= detail.next) return;
    const event = runEventSchema.safeParse(JSON.parse(data));
    if (event.success) fold.apply(event.data);
    detail = { ...detail, next: end };
  };
  const load = async (): Promise<void> => {
    if (held) return;
    held = [];
    try {
      detail = await fetchRun(id, signal);
      fold = createRunFold(detail.state);
      held.forEach(apply);
      tell();
    } catch (error) {
      if (!signal.aborted) onError(error);
    } finally {
      held = undefined;
    }
  };
  const hear = (message: HubMessage): void => {
    switch (message.kind) {
      case 'event':
        if (held) held.push(message);
        else apply(message);
        break;
      case 'status': {
        const status = liveStatusSchema.parse(JSON.parse(message.data));
        const isNew = status.hasReport && detail?.hasReport === false;
        if (detail) detail = { ...detail, ...status };
        if (!joined || isNew) void load();
        joined = true;
        connected = true;
        break;
      }
      case 'connected':
        connected = true;
        break;
      case 'disconnected':
        connected = false;
        if (!detail) void load(); // To say why nothing is shown.
        break;
      case 'restart':
        leave();
        void load();
        retry = setTimeout(start, again);
        return;
    }
    change();
  };
  const start = (): void => {
    joined = false;
    leave = listen(eventsUrl(id), hear);
  };
  signal.addEventListener('abort', () => {
    leave();
    clearTimeout(retry);
    clearTimeout(timer);
  });
  start();
}
