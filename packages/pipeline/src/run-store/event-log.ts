import {
  closeSync,
  createReadStream,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { FeedprintError, runEventSchema } from '@feedprint/core';
import type { RunEvent, RunEventInput } from '@feedprint/core';
import { systemCode } from '@feedprint/core/files';

export const eventsName = 'events.jsonl';
/** Most bytes that a line may have; a longer one is not an event. */
const longestLine = 1 << 20;

/** A run's events and where to continue, so that a reader can come back for more. */
export interface EventBatch {
  readonly events: readonly { readonly event: RunEvent; readonly end: number }[];
  /** Byte to read from next time: just after the last complete line. */
  readonly next: number;
  /** Number of complete lines left out because they are not events of this version. */
  readonly unreadable: number;
}

/**
 * Reads complete lines of a run's `events.jsonl` from a byte offset, without locking. A line still being written is
 * left for the next call. Without a file, or with an offset beyond its end, there are no events.
 */
export async function readRunEvents(folder: string, from = 0): Promise<EventBatch> {
  const events: { event: RunEvent; end: number }[] = [];
  let next = from;
  let unreadable = 0;
  try {
    for await (const { text, end } of lines(join(folder, eventsName), from)) {
      const event = parseEvent(text);
      if (event) events.push({ event, end });
      else unreadable++;
      next = end;
    }
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  return { events, next, unreadable };
}

/** Append-only `events.jsonl`, open for writing. */
export interface EventLog {
  append(event: RunEventInput): void;
  close(): void;
}

/**
 * Opens the log, creating it if it is missing; `heal` cuts off a last line that a kill left incomplete. Throws
 * `run-invalid` if the file begins with anything other than an event.
 */
export function openEventLog(
  folder: string,
  { now, heal }: { readonly now: () => Date; readonly heal: boolean },
): EventLog {
  const file = join(folder, eventsName);
  const fd = openSync(file, 'a+');
  try {
    checkHead(fd, file);
    if (heal) cutTornLine(fd);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return {
    append: (input) => {
      const parsed = runEventSchema.safeParse({ ...input, at: now().toISOString() });
      if (!parsed.success) {
        throw new FeedprintError({
          code: 'numbers-invalid',
          message: `an event of type ${input.type} is not valid: ${parsed.error.issues[0]?.message ?? ''}`,
          remedy: 'report finite numbers and texts',
          cause: parsed.error,
        });
      }
      const size = fstatSync(fd).size;
      try {
        writeAll(fd, Buffer.from(`${JSON.stringify(parsed.data)}\n`));
      } catch (error) {
        ftruncateSync(fd, size);
        throw error;
      }
    },
    close: () => {
      fsyncSync(fd);
      closeSync(fd);
    },
  };
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
}

function checkHead(fd: number, file: string): void {
  const head = readAt(fd, 0, Math.min(fstatSync(fd).size, longestLine));
  const newline = head.indexOf(0x0a);
  const first = head.toString('utf8', 0, newline < 0 ? head.length : newline);
  const start = '{"type":"';
  const ours =
    newline < 0
      ? first.slice(0, start.length) === start.slice(0, first.length)
      : parseEvent(first) !== undefined;
  if (ours) return;
  throw new FeedprintError({
    code: 'run-invalid',
    message: `${file} is not an event log of a run`,
    remedy: 'choose another folder',
  });
}

function cutTornLine(fd: number): void {
  const size = fstatSync(fd).size;
  let end = size;
  while (end > 0) {
    const from = Math.max(0, end - 65_536);
    const last = readAt(fd, from, end - from).lastIndexOf(0x0a);
    if (last >= 0) {
      end = from + last + 1;
      break;
    }
    end = from;
  }
  if (end < size) ftruncateSync(fd, end);
}

function readAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(fd, buffer, 0, length, position));
}

async function* lines(
  file: string,
  from: number,
): AsyncGenerator<{ readonly text: string; readonly end: number }> {
  let rest: Buffer = Buffer.alloc(0);
  let end = from;
  for await (const chunk of createReadStream(file, { start: from })) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let i = rest.indexOf(0x0a); i >= 0; i = rest.indexOf(0x0a, start)) {
      end += i + 1 - start;
      yield { text: rest.toString('utf8', start, i), end };
      start = i + 1;
    }
    rest = rest.subarray(start);
    if (rest.length > longestLine) return;
  }
}

function parseEvent(text: string): RunEvent | undefined {
  try {
    return runEventSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
