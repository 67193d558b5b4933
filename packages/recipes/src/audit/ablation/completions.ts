import { row } from '@feedprint/core';
import type { Edit, LanguageModel, Matrix, Sampling, TokenRows } from '@feedprint/core';
import { batchesOf } from '../capture/batches.ts';
import { known } from '../known.ts';
import type { ScoredWord } from '../parts.ts';

/** A prompt's continuation. */
export interface Completion {
  readonly prompt: readonly number[];
  readonly tokens: readonly number[];
}

/** Continues the prompts; each row has the same random stream, whatever the edits. */
export async function complete(
  model: LanguageModel,
  prompts: TokenRows,
  sampling: Sampling,
): Promise<Completion[]> {
  const added = await model.generate(prompts, sampling);
  return added.map((tokens, i) => ({ prompt: Array.from(prompts[i] ?? []), tokens }));
}

/** Mean log-probability (nats) of each completion's tokens; null for one without tokens. */
export async function meanLogProbs(
  model: LanguageModel,
  completions: readonly Completion[],
): Promise<(number | null)[]> {
  const rows = completions.map(rowOf);
  const means: (number | null)[] = [];
  for (const { start, end } of batchesOf(rows, model.info.vocabularySize)) {
    const { tokenLogProbs } = await model.run(rows.slice(start, end), { tokenLogProbs: true });
    let at = 0;
    for (const { prompt, tokens } of completions.slice(start, end)) {
      at += prompt.length;
      const own = known(tokenLogProbs, 'log-probabilities').subarray(at, at + tokens.length);
      means.push(own.length === 0 ? null : own.reduce((sum, value) => sum + value, 0) / own.length);
      at += tokens.length;
    }
  }
  return means;
}

/**
 * Most numbers of the unmodified model's logits that are kept; beyond this, they are recomputed for every measurement.
 */
const KEPT = 2 ** 25;

/** What an edited model expects where the unmodified one wrote, per token; null for a completion without tokens. */
export interface Expectation {
  /** KL(model || edited model), nats. */
  readonly kl: number | null;
  /** Expected stated feedback of the next token under the edited model. */
  readonly expected: number | null;
}

/** Measures edits, completion by completion. */
export type ExpectationMeter = (edits: readonly Edit[]) => Promise<Expectation[]>;

/**
 * Measures how far edits move the model at the positions that predict the completions' tokens, given the preceding
 * tokens. On the model's own samples the sum of the KL over positions estimates the divergence of whole completions.
 */
export function createExpectationMeter(
  model: LanguageModel,
  completions: readonly Completion[],
  lexicon: readonly ScoredWord[],
): ExpectationMeter {
  const rows = completions.map(rowOf);
  const { vocabularySize } = model.info;
  const fits = rows.reduce((sum, { length }) => sum + length, 0) * vocabularySize <= KEPT;
  const kept = new Map<number, Matrix>();
  const logitsOf = async (batch: TokenRows, edits: readonly Edit[]): Promise<Matrix> =>
    known((await model.run(batch, { logits: 'all', edits })).logits, 'logits');
  return async (edits) => {
    const expectations: Expectation[] = [];
    for (const { start, end } of batchesOf(rows, vocabularySize)) {
      const batch = rows.slice(start, end);
      const clean = kept.get(start) ?? (await logitsOf(batch, []));
      if (fits) kept.set(start, clean);
      const edited = edits.length === 0 ? clean : await logitsOf(batch, edits);
      let at = 0;
      for (const { prompt, tokens } of completions.slice(start, end)) {
        const first = at + prompt.length - 1;
        let [kl, expected] = [0, 0];
        for (let r = first; r < first + tokens.length; r++) {
          const moved = compare(row(clean, r), row(edited, r), lexicon);
          kl += moved.kl / tokens.length;
          expected += moved.expected / tokens.length;
        }
        expectations.push(tokens.length === 0 ? { kl: null, expected: null } : { kl, expected });
        at += prompt.length + tokens.length;
      }
    }
    return expectations;
  };
}

/** Share of a completion's bigrams that occurred in it before; null for fewer than two tokens. */
export function repeatedBigrams(tokens: readonly number[]): number | null {
  if (tokens.length < 2) return null;
  const bigrams = tokens.slice(1).map((token, i) => `${tokens[i]} ${token}`);
  return 1 - new Set(bigrams).size / bigrams.length;
}

const rowOf = ({ prompt, tokens }: Completion): number[] => [...prompt, ...tokens];

/**
 * KL(softmax(a) || softmax(b)) in nats, where a probability of 0 contributes nothing, and the sum of softmax(b) x
 * stated feedback.
 */
function compare(
  a: Float32Array,
  b: Float32Array,
  lexicon: readonly ScoredWord[],
): { readonly kl: number; readonly expected: number } {
  const [topA, topB] = [largest(a), largest(b)];
  let [sumA, sumB, cross] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [(a[i] as number) - topA, (b[i] as number) - topB];
    const weight = Math.exp(x);
    sumA += weight;
    sumB += Math.exp(y);
    if (weight > 0) cross += weight * (x - y);
  }
  let feedback = 0;
  for (const { id, stated } of lexicon) feedback += stated * Math.exp((b[id] as number) - topB);
  return {
    // Only rounding can make it negative.
    kl: Math.max(0, cross / sumA - Math.log(sumA) + Math.log(sumB)),
    expected: feedback / sumB,
  };
}

/** A plain loop: this runs over a vocabulary for every position of every run. */
function largest(values: Float32Array): number {
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value > most) most = value;
  }
  return most;
}
