import { createEventHub } from './event-hub.ts';
import type { HubMessage } from './event-hub.ts';
import type { WorkerRequest } from './events-worker.ts';

/** How often a page tells the worker that it is there, milliseconds. */
const ALIVE = 15_000;

const own = createEventHub();

/** Hears a run's events by the browser's one connection for it, or by one of this page where there are no shared workers. */
export function listen(url: string, listener: (message: HubMessage) => void): () => void {
  if (typeof SharedWorker === 'undefined') return own.listen(url, listener);
  const worker = new SharedWorker(new URL('./events-worker.ts', import.meta.url), {
    type: 'module',
    name: 'feedprint-events',
  });
  const say = (request: WorkerRequest): void => worker.port.postMessage(request);
  worker.port.onmessage = ({ data }: MessageEvent<HubMessage>) => listener(data);
  say({ kind: 'listen', url });
  const timer = setInterval(() => say({ kind: 'alive' }), ALIVE);
  const leave = (): void => say({ kind: 'leave' });
  addEventListener('pagehide', leave);
  return () => {
    clearInterval(timer);
    removeEventListener('pagehide', leave);
    leave();
    worker.port.close();
  };
}
