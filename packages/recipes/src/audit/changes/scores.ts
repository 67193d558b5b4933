import type { NormSums } from '@feedprint/activations';
import { matrix, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import type { ChangeScore } from './change-score.ts';
import { detailed } from './measure.ts';
import type { ChangesContext, MeasuredChanges } from './measure.ts';
import type { WordOfInterest } from './words.ts';

/** Number of directions whose effects on the whole vocabulary are held at once. */
const BATCH = 64;

/** A label-free way to score words. */
export interface ChangeMethod {
  readonly method: string;
  readonly description: string;
  readonly signed: boolean;
}

/** What each method means; dictionaries bring their own. */
export const methods: readonly ChangeMethod[] = [
  {
    method: 'kl',
    description:
      'Its part of KL(tuned || base), nats per position: mean of p_tuned log(p_tuned / p_base) over all contexts.',
    signed: true,
  },
  {
    method: 'log-ratio',
    description:
      'Its part of the KL divided by its probability: mean log p_tuned / p_base, nats, where the tuned model would say it.',
    signed: true,
  },
  {
    method: 'difference-before',
    description: 'Mean norm of the difference in activations where it comes next.',
    signed: false,
  },
  {
    method: 'difference-on',
    description: 'Mean norm of the difference in activations where it occurs.',
    signed: false,
  },
  {
    method: 'lens',
    description:
      'Logit lens on the mean difference in activations: how far it moves the log-probability of the word, nats.',
    signed: true,
  },
  {
    method: 'lens-own-heads',
    description:
      'The same with each mean activation read by its own model, so that what tuning did to the final norm and the unembedding is included.',
    signed: true,
  },
  {
    method: 'lens-before',
    description:
      'Logit lens on the mean difference in activations where the word comes next: how far it moves the log-probability of the word, nats.',
    signed: true,
  },
];

/** Every method's value for every word of interest that it covers. */
export async function scoreWords(
  { measures, models }: ChangesContext,
  measured: MeasuredChanges,
): Promise<ChangeScore[]> {
  const { words, changes, isLast, dictionaries } = measured;
  const site = detailed(measured);
  const scores: ChangeScore[] = [];
  const add = (
    method: string,
    signed: boolean,
    valueOf: (w: WordOfInterest, i: number) => number | undefined,
  ): void =>
    words.forEach((each, i) => {
      const value = valueOf(each, i);
      const { token, word, n } = each;
      if (value !== undefined) scores.push({ method, word, token, value, signed, n });
    });
  const ofNorms =
    ({ norm, count }: NormSums) =>
    ({ token }: WordOfInterest): number | undefined =>
      count[token] ? (norm[token] as number) / (count[token] as number) : undefined;
  add('kl', true, ({ token }) => (changes.vocabulary.kl[token] as number) / changes.kl.length);
  add('log-ratio', true, ({ token }) => {
    const probability = changes.vocabulary.tuned[token] as number;
    return probability > 0 ? (changes.vocabulary.kl[token] as number) / probability : undefined;
  });
  add('difference-before', false, ofNorms(site.before));
  add('difference-on', false, ofNorms(site.on));
  if (!isLast) return scores;
  const effects = (directions: Matrix): Promise<Matrix> =>
    measures.directEffects(models.tuned, site.baseMean, directions);
  /** How far each word's own direction moves the word. */
  const addOwn = async (method: string, directions: Matrix): Promise<void> => {
    const own: number[] = [];
    for (let start = 0; start < words.length; start += BATCH) {
      const end = Math.min(words.length, start + BATCH);
      const { columns, data } = directions;
      const part = matrix(end - start, columns, data.subarray(start * columns, end * columns));
      const moved = await effects(part);
      words.slice(start, end).forEach(({ token }, i) => own.push(row(moved, i)[token] as number));
    }
    add(method, true, (_, i) => own[i] as number);
  };
  const meanDifference = matrix(1, site.meanDifference.length, site.meanDifference);
  const ofMean = await effects(meanDifference);
  add('lens', true, ({ token }) => ofMean.data[token] as number);
  const ofHeads = await measures.directEffects(models.tuned, site.baseMean, meanDifference, {
    from: models.base,
  });
  add('lens-own-heads', true, ({ token }) => ofHeads.data[token] as number);
  if (site.details) await addOwn('lens-before', site.details.beforeWords);
  for (const { name, beforeWords } of dictionaries) await addOwn(name, beforeWords);
  return scores;
}
