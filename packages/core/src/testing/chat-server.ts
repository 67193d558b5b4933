import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server saw it. */
export interface SeenRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly temperature?: number;
    readonly seed?: number;
    readonly response_format?: unknown;
  };
}

/** What to answer: the assistant's text, or a whole HTTP response. */
export type ChatReply =
  | string
  | {
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: unknown;
      /** Sends half of the answer and then nothing. */
      readonly stall?: boolean;
      /** Never answers. */
      readonly silent?: boolean;
    };

export interface ChatServer {
  readonly baseURL: string;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/** A real HTTP server on loopback that speaks OpenAI's chat completions; `answer` gets each request and its number from 0. */
export async function startChatServer(
  answer: (request: SeenRequest, number: number) => ChatReply,
): Promise<ChatServer> {
  const seen: SeenRequest[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as SeenRequest['body'];
      const entry = { headers: request.headers, body };
      seen.push(entry);
      if (request.url !== '/v1/chat/completions' || request.method !== 'POST') {
        response.writeHead(404).end();
        return;
      }
      const reply = answer(entry, seen.length - 1);
      if (typeof reply === 'string') {
        response.writeHead(200, { 'content-type': 'application/json' }).end(
          JSON.stringify({
            id: 'chatcmpl-1',
            object: 'chat.completion',
            created: 0,
            model: body.model,
            choices: [
              { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: reply } },
            ],
          }),
        );
        return;
      }
      if (reply.silent) return;
      const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {});
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      if (reply.stall) response.write(text.slice(0, text.length / 2));
      else response.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    seen,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
