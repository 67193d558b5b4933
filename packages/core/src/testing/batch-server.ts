import type { IncomingMessage } from 'node:http';
import type { ChatReply, SeenRequest } from './chat-server.ts';
import { chatCompletion } from './chat-server.ts';

interface KeptBatch {
  readonly input: string;
  /** Looks at it that still find it under way. */
  looks: number;
}

const lines = (rows: readonly unknown[]): string =>
  rows.map((row) => JSON.stringify(row)).join('\n');

/**
 * The half of OpenAI's Batch API that clients use: files, batches, their output and error files. A batch is over at the
 * second look. Requests are answered as `answer` answers them alone.
 */
export function createBatchRoutes(answer: (request: SeenRequest, number: number) => ChatReply) {
  const files = new Map<string, string>();
  const batches = new Map<string, KeptBatch>();
  const seen: SeenRequest[] = [];

  function runBatch(id: string, input: string, headers: IncomingMessage['headers']): void {
    const output: unknown[] = [];
    const errors: unknown[] = [];
    for (const line of input.trim().split('\n')) {
      const { custom_id, body } = JSON.parse(line) as {
        custom_id: string;
        body: SeenRequest['body'];
      };
      seen.push({ headers, body });
      const reply = answer({ headers, body }, seen.length - 1);
      if (typeof reply === 'string') {
        const response = { status_code: 200, body: chatCompletion(body, reply) };
        output.push({ custom_id, response, error: null });
      } else if (reply.silent) {
        errors.push({
          custom_id,
          response: null,
          error: { code: 'batch_expired', message: 'expired' },
        });
      } else {
        const response = { status_code: reply.status, body: reply.body ?? {} };
        (reply.status === 200 ? output : errors).push({ custom_id, response, error: null });
      }
    }
    if (output.length > 0) files.set(`${id}-output`, lines(output));
    if (errors.length > 0) files.set(`${id}-errors`, lines(errors));
  }

  /** The body of the answer; undefined for what is not of the Batch API. */
  function route(request: IncomingMessage, content: string): unknown {
    const [, collection, id, part] = (request.url ?? '').replace(/^\/v1/, '').split('/');
    if (collection === 'files' && request.method === 'POST') {
      const name = `file-${files.size}`;
      // The part of the form that holds the file: everything that is a line of JSON.
      files.set(
        name,
        content
          .split(/\r?\n/)
          .filter((line) => line.startsWith('{'))
          .join('\n'),
      );
      return { id: name, object: 'file' };
    }
    if (collection === 'files' && part === 'content') return files.get(id ?? '') ?? '';
    if (collection !== 'batches') return undefined;
    if (request.method === 'POST') {
      const { input_file_id } = JSON.parse(content) as { input_file_id: string };
      const name = `batch-${batches.size}`;
      batches.set(name, { input: files.get(input_file_id) ?? '', looks: 1 });
      return { id: name, object: 'batch', status: 'validating' };
    }
    const batch = batches.get(id ?? '');
    if (!batch || id === undefined) return undefined;
    if (batch.looks-- > 0) return { id, object: 'batch', status: 'in_progress' };
    if (batch.looks === -1) runBatch(id, batch.input, request.headers);
    return {
      id,
      object: 'batch',
      status: 'completed',
      ...(files.has(`${id}-output`) && { output_file_id: `${id}-output` }),
      ...(files.has(`${id}-errors`) && { error_file_id: `${id}-errors` }),
    };
  }

  return { seen, batches, route };
}
