import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder, replaceFile, writeFlushed } from '@feedprint/core/files';
import { hash32, throwIfCancelled } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import type { SampledCount } from '@feedprint/probe';
import { z } from 'zod';

/** New tokens of a sampled text. */
export const SAMPLED_TOKENS = 40;
/** Texts that are sampled at once, between which a run can be stopped. */
const AT_ONCE = 250;

const countsSchema = z.strictObject({
  texts: z.int().positive(),
  tokens: z.int().positive(),
  seconds: z.number(),
  /** Vocabulary id, count, sum over the texts of the squared count. */
  counts: z.array(z.tuple([z.int(), z.int(), z.int()])),
});

export interface SampleOptions {
  readonly texts: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

export interface Sampled {
  readonly of: (token: number) => SampledCount;
  /** That it took to write them. */
  readonly seconds: number;
}

/** How often each token stands in texts that a model writes from nothing; kept in `file`, which is read if it is there. */
export async function sampleCounts(
  load: () => Promise<LanguageModel>,
  file: string,
  options: SampleOptions,
): Promise<Sampled> {
  if (!existsSync(file)) {
    const model = await load();
    try {
      const counted = JSON.stringify(await countTokens(model, options));
      makeFolder(dirname(file));
      await replaceFile(file, (aside) => writeFlushed(aside, counted));
    } finally {
      await model.dispose();
    }
  }
  const kept = countsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const { texts, tokens, seconds, counts } = kept;
  const byToken = new Map(counts.map(([token, count, squares]) => [token, { count, squares }]));
  const none = { count: 0, squares: 0 };
  return { of: (token) => ({ ...(byToken.get(token) ?? none), texts, tokens }), seconds };
}

async function countTokens(
  model: LanguageModel,
  { texts, seed, signal }: SampleOptions,
): Promise<z.infer<typeof countsSchema>> {
  const started = performance.now();
  const start = [...model.tokenizer.specialIds][0] ?? 0;
  const sums = new Map<number, { count: number; squares: number }>();
  let tokens = 0;
  for (let first = 0; first < texts; first += AT_ONCE) {
    throwIfCancelled(signal, 'while models wrote texts');
    const rows = await model.generate(
      Array.from({ length: Math.min(AT_ONCE, texts - first) }, () => [start]),
      { maxNewTokens: SAMPLED_TOKENS, seed: hash32(`samples from ${first}`, seed) },
    );
    for (const row of rows) {
      tokens += row.length;
      for (const [token, n] of occurrences(row)) {
        const sum = sums.get(token) ?? { count: 0, squares: 0 };
        sums.set(token, { count: sum.count + n, squares: sum.squares + n * n });
      }
    }
  }
  const counts = [...sums]
    .sort(([a], [b]) => a - b)
    .map(([token, { count, squares }]): [number, number, number] => [token, count, squares]);
  const seconds = (performance.now() - started) / 1000;
  return { texts, tokens, seconds, counts };
}

function occurrences(row: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const token of row) counts.set(token, (counts.get(token) ?? 0) + 1);
  return counts;
}
