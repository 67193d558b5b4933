/** What reaches a page of a run's events. */
export type HubMessage =
  | { readonly kind: 'event'; readonly end: number; readonly data: string }
  | { readonly kind: 'status'; readonly data: string }
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected' }
  /** The log is gone or another one, or the server refused: the run has to be fetched anew. */
  | { readonly kind: 'restart' };

type Listener = (message: HubMessage) => void;

/** One stream of events a run, however many listen: browsers keep few connections to one server. */
export interface EventHub {
  /** Hears what comes from now on, the latest status first. Returns what ends it. */
  listen(url: string, listener: Listener): () => void;
}

interface Line {
  readonly source: EventSource;
  readonly listeners: Set<Listener>;
  /** The latest status: its arrival says that the stream has begun. */
  status: HubMessage | undefined;
}

export function createEventHub(open = (url: string) => new EventSource(url)): EventHub {
  const lines = new Map<string, Line>();

  const start = (url: string): Line => {
    const source = open(url);
    const line: Line = { source, listeners: new Set(), status: undefined };
    const tell = (message: HubMessage): void => {
      for (const listener of [...line.listeners]) listener(message);
    };
    const end = (): void => {
      source.close();
      if (lines.get(url) === line) lines.delete(url);
      tell({ kind: 'restart' });
    };
    source.onmessage = ({ data, lastEventId }: MessageEvent<string>) =>
      tell({ kind: 'event', end: Number(lastEventId), data });
    source.addEventListener('status', (message) => {
      line.status = { kind: 'status', data: (message as MessageEvent<string>).data };
      tell(line.status);
    });
    source.addEventListener('restart', end);
    source.onopen = () => tell({ kind: 'connected' });
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) end();
      else tell({ kind: 'disconnected' });
    };
    lines.set(url, line);
    return line;
  };

  return {
    listen: (url, listener) => {
      const line = lines.get(url) ?? start(url);
      line.listeners.add(listener);
      if (line.status) listener(line.status);
      return () => {
        line.listeners.delete(listener);
        if (line.listeners.size > 0) return;
        line.source.close();
        if (lines.get(url) === line) lines.delete(url);
      };
    },
  };
}
