import { matrix, row } from '@feedprint/core';
import type { Matrix, Random } from '@feedprint/core';
import type { AgreementMeasure } from '../agreement.ts';
import type { Fold } from '../folds.ts';
import { tracedInterval } from '../statistics/bca.ts';
import { drawBootstrap } from '../statistics/bootstrap.ts';
import { fitBradleyTerry, logLoss } from './bradley-terry.ts';
import { denseDesign } from './design.ts';
import { outOfFold } from './out-of-fold.ts';

/** How often a probe tells, of one reply by itself, whether it was chosen. */
export interface PooledAccuracy {
  readonly name: string;
  readonly description: string;
  readonly role: 'probe' | 'control';
  /** Share of replies told right; interval over prompts. */
  readonly accuracy: AgreementMeasure;
}

/** Penalties on standardised columns that the probe chooses from, by the loss on held-out folds. */
const PENALTIES = [30, 300, 3000];
/** Relative improvement of the loss at which fitting stops. */
const GAIN = 1e-7;

/** What a pooled probe reads: features of each reply, averaged over its tokens. */
export interface PooledFeatures {
  readonly name: string;
  readonly description: string;
  readonly role: PooledAccuracy['role'];
  /** Chosen replies, then rejected ones, both in the order of the pairs: `[2 pairs, features]`. */
  readonly replies: Matrix;
}

export interface PooledOptions {
  /** Number of each pair's prompt. */
  readonly prompts: Int32Array;
  /** Of pairs, by prompts. */
  readonly folds: readonly Fold[];
  readonly random: Random;
  readonly resamples: number;
}

/**
 * The pooled logistic probe of the paper (arXiv 2310.08164, section 4.1, Table 3): logistic regression from features averaged over a reply to
 * whether it was chosen, one reply at a time. Unlike there, the replies to one prompt are never on both sides of a fold, and the first
 * probe is shown on labels shuffled within pairs too.
 */
export function pooledAccuracies(
  pooled: readonly PooledFeatures[],
  { prompts, folds, random, resamples }: PooledOptions,
): PooledAccuracy[] {
  if (folds.length === 0) return [];
  const pairs = prompts.length;
  const told = Float64Array.from({ length: 2 * pairs }, (_, i) => (i < pairs ? 1 : -1));
  const swapped = random.fork('shuffled labels');
  const dealt = told.slice();
  for (let i = 0; i < pairs; i++) {
    if (swapped.next() < 0.5) [dealt[i], dealt[pairs + i]] = [-1, 1];
  }
  const judge = (
    { name, description, role, replies }: PooledFeatures,
    signs: Float64Array,
  ): PooledAccuracy => ({
    name,
    description,
    role,
    accuracy: accuracyOf(classify(replies, signs, folds), signs, {
      prompts,
      resamples,
      random: random.fork('bootstrap over prompts'),
    }),
  });
  const probed = pooled.find(({ role }) => role === 'probe');
  return [
    ...pooled.map((features) => judge(features, told)),
    ...(probed
      ? [
          judge(
            {
              name: 'shuffled labels',
              description: `The probe on ${probed.name}, with labels shuffled within pairs.`,
              role: 'control',
              replies: probed.replies,
            },
            dealt,
          ),
        ]
      : []),
  ];
}

/** Log-odds of being chosen for each reply, from replies of other prompts. */
function classify(x: Matrix, signs: Float64Array, folds: readonly Fold[]): Float64Array {
  const pairs = x.rows / 2;
  const both = (rows: Int32Array): Int32Array =>
    Int32Array.from([...rows, ...Array.from(rows, (i) => pairs + i)]);
  const { centred, scale } = withConstant(x);
  return outOfFold({
    x: denseDesign(centred, scale),
    folds: folds.map(({ train, test }) => ({ train: both(train), test: both(test) })),
    penalties: PENALTIES,
    fit: (design, { train, l2, start }) =>
      fitBradleyTerry(design, {
        ...{ l2, start, leastGain: GAIN },
        signs: Float64Array.from(train, (i) => signs[i] as number),
      }),
    loss: (scores) => logLoss(scores, signs),
  }).predictions;
}

/** Columns about their means, and one of ones, for the intercept. */
function withConstant({ rows, columns, data }: Matrix): {
  readonly centred: Matrix;
  readonly scale: Float64Array;
} {
  const [means, squares] = [new Float64Array(columns), new Float64Array(columns)];
  data.forEach((value, i) => {
    const c = i % columns;
    means[c] = (means[c] as number) + value / rows;
  });
  const centred = matrix(rows, columns + 1);
  for (let r = 0; r < rows; r++) {
    const own = row(centred, r);
    own[columns] = 1;
    for (let c = 0; c < columns; c++) {
      const value = (data[r * columns + c] as number) - (means[c] as number);
      own[c] = value;
      squares[c] = (squares[c] as number) + value ** 2;
    }
  }
  return { centred, scale: Float64Array.from([...squares.map((sum) => Math.sqrt(sum / rows)), 1]) };
}

interface Judging {
  readonly prompts: Int32Array;
  readonly random: Random;
  readonly resamples: number;
}

function accuracyOf(
  logOdds: Float64Array,
  signs: Float64Array,
  { prompts, random, resamples }: Judging,
): AgreementMeasure {
  const pairs = prompts.length;
  const numbers = [...new Set(prompts)];
  const at = new Map(numbers.map((prompt, i) => [prompt, i]));
  const [right, all] = [new Float64Array(numbers.length), new Float64Array(numbers.length)];
  logOdds.forEach((score, i) => {
    const g = at.get(prompts[i % pairs] as number) as number;
    const side = score * (signs[i] as number);
    right[g] = (right[g] as number) + (side > 0 ? 1 : side === 0 ? 0.5 : 0);
    all[g] = (all[g] as number) + 1;
  });
  const share = (groups: Iterable<number>): number => {
    let [a, b] = [0, 0];
    for (const g of groups) {
      a += right[g] as number;
      b += all[g] as number;
    }
    return a / b;
  };
  return {
    value: share(right.keys()),
    interval:
      tracedInterval(
        drawBootstrap({ items: numbers.length, statistic: share, random, resamples }),
      ) ?? null,
    n: logOdds.length,
  };
}
