import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { Refused } from './respond.ts';

/** Bytes that a request may bring. */
const MOST_BYTES = 1 << 20;

/** The JSON of a request, checked. Refuses what is too long, no JSON, or of another shape. */
export async function readBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Refused(413, 'request-invalid', 'This is too long.');
    chunks.push(chunk);
  }
  const checked = schema.safeParse(parse(Buffer.concat(chunks).toString('utf8')));
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const place = issue?.path.join('.') || 'the request';
  throw new Refused(400, 'request-invalid', `${place}: ${issue?.message ?? 'not understood'}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // No schema takes it.
  }
}
