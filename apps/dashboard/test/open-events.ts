/** One server-sent event. */
export interface ServerEvent {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

/** Reads a stream of server-sent events one by one. */
export async function openEvents(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ next(): Promise<ServerEvent>; close(): void }> {
  const controller = new AbortController();
  const response = await fetch(url, { headers, signal: controller.signal });
  if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
  if (response.headers.get('content-type') !== 'text/event-stream') throw new Error('no stream');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    next: async () => {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end >= 0) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const field = (name: string): string | undefined =>
            new RegExp(`^${name}: ([^\\n]*)`, 'm').exec(block)?.[1];
          const data = field('data');
          if (data === undefined) continue;
          return {
            event: field('event') ?? 'message',
            id: field('id') ?? '',
            data: JSON.parse(data) as unknown,
          };
        }
        const { value, done } = await reader.read();
        if (done) throw new Error('the stream ended');
        text += value;
      }
    },
    close: () => controller.abort(),
  };
}
