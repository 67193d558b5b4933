import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBatchRoutes } from './batch-server.ts';

/** A request as the server saw it. */
export interface SeenRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly temperature?: number;
    readonly seed?: number;
    readonly max_completion_tokens?: number;
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
      /** Sends half of the answer and closes the connection. */
      readonly cut?: boolean;
    };

export interface ChatServer {
  readonly baseURL: string;
  readonly seen: SeenRequest[];
  /** Requests that came in batches. */
  readonly seenInBatches: readonly SeenRequest[];
  /** Number of batches that were started. */
  batches(): number;
  close(): Promise<void>;
}

/** The body of a completion that says this; every four characters count as a token. */
export const chatCompletion = (
  { model, messages }: SeenRequest['body'],
  content: string,
): unknown => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 0,
  model,
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
  usage: {
    prompt_tokens: Math.ceil(messages.map((message) => message.content).join('').length / 4),
    completion_tokens: Math.ceil(content.length / 4),
  },
});

/**
 * A real HTTP server on loopback that speaks OpenAI's chat completions, also in batches; `answer` gets each request and its
 * number from 0.
 */
export async function startChatServer(
  answer: (request: SeenRequest, number: number) => ChatReply,
): Promise<ChatServer> {
  const seen: SeenRequest[] = [];
  const batches = createBatchRoutes(answer);
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const content = Buffer.concat(chunks).toString('utf8');
      const found = batches.route(request, content);
      if (found !== undefined) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(typeof found === 'string' ? found : JSON.stringify(found));
        return;
      }
      const body = JSON.parse(content) as SeenRequest['body'];
      const entry = { headers: request.headers, body };
      seen.push(entry);
      if (request.url !== '/v1/chat/completions' || request.method !== 'POST') {
        response.writeHead(404).end();
        return;
      }
      const reply = answer(entry, seen.length - 1);
      if (typeof reply === 'string') {
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify(chatCompletion(body, reply)));
        return;
      }
      if (reply.silent) return;
      const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {});
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      if (reply.stall) response.write(text.slice(0, text.length / 2));
      else if (reply.cut) response.write(text.slice(0, text.length / 2), () => response.destroy());
      else response.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    seen,
    seenInBatches: batches.seen,
    batches: () => batches.batches.size,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
