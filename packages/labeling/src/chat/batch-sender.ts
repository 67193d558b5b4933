import { FeedprintError } from '@feedprint/core';
import type OpenAI from 'openai';
import { APIError, toFile } from 'openai';
import { z } from 'zod';
import type { RequestBody } from './requests.ts';

/** Where the batches under way are noted, so that a later start collects them instead of asking again. */
export interface BatchBook {
  /** The batch that last took up the request of this key. */
  batchOf(key: string): string | undefined;
  add(batch: string, keys: readonly string[]): void;
}

export interface BatchOptions {
  /** See `openBatchBook`. Default: in memory. */
  readonly book?: BatchBook;
  /** A batch goes when no request came for so long. Default 500. */
  readonly gatherMs?: number;
  /** Time between two looks at a batch. Default 30,000. */
  readonly pollMs?: number;
  /** Default 10,000; the service takes 50,000. */
  readonly maxRequests?: number;
}

export interface BatchSenderOptions extends BatchOptions {
  readonly client: OpenAI;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly retrying: <T>(attempt: () => Promise<T>) => Promise<T>;
}

interface Waiting {
  readonly key: string;
  readonly body: RequestBody;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const lineSchema = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.number(), body: z.unknown() }).nullish(),
  error: z.unknown().optional(),
});
type Line = z.infer<typeof lineSchema>;

/** Statuses after which a batch does not change any more. */
const over = new Set(['completed', 'failed', 'expired', 'cancelled']);

/**
 * Sends requests through the Batch API, at half the price and within a day: those that come in soon after one another go
 * as one file. What a batch did not answer fails as the request would have failed alone.
 */
export function createBatchSender({
  client,
  sleep,
  retrying,
  book = createBook(),
  gatherMs = 500,
  pollMs = 30_000,
  maxRequests = 10_000,
}: BatchSenderOptions): (body: RequestBody, key: string) => Promise<unknown> {
  let gathered: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;
  const collected = new Map<string, Promise<ReadonlyMap<string, Line>>>();
  /** Requests that their noted batch did not answer. */
  const unanswered = new Set<string>();

  async function collect(id: string): Promise<ReadonlyMap<string, Line>> {
    for (;;) {
      const batch = await retrying(() => client.batches.retrieve(id));
      if (over.has(batch.status)) {
        const files = [batch.output_file_id, batch.error_file_id];
        const texts = await Promise.all(
          files.map((file) =>
            file ? retrying(async () => (await client.files.content(file)).text()) : '',
          ),
        );
        return new Map(readLines(texts.join('\n')).map((line) => [line.custom_id, line]));
      }
      await sleep(pollMs);
    }
  }

  async function answerOf(id: string, key: string): Promise<unknown> {
    const lines = collected.get(id) ?? collect(id);
    collected.set(id, lines);
    const line = (await lines).get(key);
    const { status_code: status = 0, body } = line?.response ?? {};
    if (status >= 200 && status < 300) return body;
    unanswered.add(key);
    if (status > 0) throw APIError.generate(status, Object(body), undefined, new Headers());
    throw new FeedprintError({
      code: 'service-failed',
      message: `batch ${id} ended without an answer to a request`,
      remedy: 'run the same command again; what it did not answer goes into a new batch',
    });
  }

  async function submit(requests: readonly Waiting[]): Promise<void> {
    try {
      const lines = requests.map(({ key, body }) =>
        JSON.stringify({ custom_id: key, method: 'POST', url: '/v1/chat/completions', body }),
      );
      const content = Buffer.from(`${lines.join('\n')}\n`);
      const { id: file } = await retrying(async () =>
        client.files.create({ file: await toFile(content, 'requests.jsonl'), purpose: 'batch' }),
      );
      const { id } = await retrying(() =>
        client.batches.create({
          input_file_id: file,
          endpoint: '/v1/chat/completions',
          completion_window: '24h',
        }),
      );
      const keys = requests.map(({ key }) => key);
      book.add(id, keys);
      for (const key of keys) unanswered.delete(key);
      for (const { key, resolve, reject } of requests) answerOf(id, key).then(resolve, reject);
    } catch (error) {
      for (const { reject } of requests) reject(error);
    }
  }

  const flush = (): void => {
    clearTimeout(timer);
    const requests = gathered;
    gathered = [];
    void submit(requests);
  };

  return (body, key) => {
    const noted = unanswered.has(key) ? undefined : book.batchOf(key);
    if (noted !== undefined) return answerOf(noted, key);
    return new Promise((resolve, reject) => {
      gathered.push({ key, body, resolve, reject });
      clearTimeout(timer);
      if (gathered.length >= maxRequests) flush();
      else timer = setTimeout(flush, gatherMs);
    });
  };
}

function createBook(): BatchBook {
  const batches = new Map<string, string>();
  return {
    batchOf: (key) => batches.get(key),
    add: (batch, keys) => keys.forEach((key) => batches.set(key, batch)),
  };
}

function readLines(text: string): Line[] {
  return text.split('\n').flatMap((line) => {
    if (line.trim() === '') return [];
    const parsed = lineSchema.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  });
}
