import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { PairedReply, ReplySignal } from './reply-signal.ts';

/** Replies that are scored before what they cost is kept. */
const BATCH = 64;

export interface ScoringOptions {
  /** File that keeps scores while there are more to come: what was paid for is not asked for again. */
  readonly kept: string;
  /** Called before the first reply and as scores are kept; may throw to stop. */
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * A signal's score of every reply, null where it says nothing. Equal replies are scored once, unless by their pair; a start after an interrupted one goes
 * on where that stopped. Throws `numbers-invalid` for a score that is not finite, and what the signal or `onProgress` throws.
 */
export async function scoreReplies(
  { name, score, byPair = false }: ReplySignal,
  replies: readonly PairedReply[],
  { kept, onProgress }: ScoringOptions,
): Promise<(number | null)[]> {
  const keys = replies.map(({ prompt, reply, pair, side }) =>
    JSON.stringify(byPair ? [pair, side] : [prompt, reply]),
  );
  const distinct = new Map(keys.map((key, i) => [key, replies[i] as PairedReply]));
  const scores = await readKept(kept);
  await mkdir(dirname(kept), { recursive: true });
  const open = [...distinct].filter(([key]) => !scores.has(key));
  for (let start = 0; start < open.length; start += BATCH) {
    onProgress(scores.size, distinct.size);
    const batch = open.slice(start, start + BATCH);
    const found = await score(batch.map(([, reply]) => reply));
    const lines = batch.map(([key], i) => {
      const value = found[i] ?? null;
      if (value !== null && !Number.isFinite(value)) throw notFinite(name, value);
      scores.set(key, value);
      return `${JSON.stringify([key, value])}\n`;
    });
    await appendFile(kept, lines.join(''));
  }
  onProgress(scores.size, distinct.size);
  return keys.map((key) => scores.get(key) ?? null);
}

/** What an interrupted start kept; a line that it was cut short in counts for nothing. */
async function readKept(file: string): Promise<Map<string, number | null>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return new Map(
    text.split('\n').flatMap((line) => {
      const whole = /^\["(?:[^"\\]|\\.)*",(?:null|-?[\d.e+-]+)\]$/.test(line);
      return whole ? [JSON.parse(line) as [string, number | null]] : [];
    }),
  );
}

const notFinite = (name: string, value: number): FeedprintError =>
  new FeedprintError({
    code: 'numbers-invalid',
    message: `${name} scores a reply as ${value}`,
    remedy: 'return a finite number, or undefined where there is no score',
  });
