import { createEventHub } from './event-hub.ts';

/** What a page asks of the worker. */
export type WorkerRequest =
  | { readonly kind: 'listen'; readonly url: string }
  | { readonly kind: 'alive' }
  | { readonly kind: 'leave' };

/** A page that says nothing for as long has gone without taking leave, milliseconds. */
const GONE = 60_000;

const hub = createEventHub();

/** One for all pages of this browser; see `event-hub.ts`. */
addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports;
  if (!port) return;
  let leave: () => void = () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => leave(), GONE);
  };
  port.onmessage = ({ data }: MessageEvent<WorkerRequest>) => {
    wait();
    if (data.kind === 'listen') {
      leave();
      leave = hub.listen(data.url, (message) => port.postMessage(message));
    }
    if (data.kind === 'leave') leave();
  };
});
