import { readFileSync } from 'node:fs';

/** `tools/golden/ppo.py`: tokens of all replies one after another. */
interface Golden {
  readonly lengths: readonly number[];
  readonly rewards: readonly number[];
  readonly values: readonly number[];
  readonly discount: number;
  readonly smoothing: number;
  readonly advantages: readonly number[];
  readonly returns: readonly number[];
  readonly whitened: readonly number[];
  readonly logProbs: readonly number[];
  readonly referenceLogProbs: readonly number[];
  readonly k1: readonly number[];
  readonly logits: readonly number[];
  readonly reference: readonly number[];
  readonly ids: readonly number[];
  readonly oldLogProbs: readonly number[];
  readonly tokenAdvantages: readonly number[];
  readonly clip: number;
  readonly policyLoss: number;
  readonly clipFraction: number;
  readonly approximateKl: number;
  readonly policyGradient: readonly number[];
  readonly kl: number;
  readonly klGradient: readonly number[];
}

export const golden = JSON.parse(
  readFileSync(new URL('../golden/ppo.json', import.meta.url), 'utf8'),
) as Golden;

/** The numbers of each reply. */
export function byReply(numbers: readonly number[]): number[][] {
  let from = 0;
  return golden.lengths.map((length) => numbers.slice(from, (from += length)));
}

/** Largest difference between two lists. */
export const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(
    Math.abs(a.length - b.length),
    ...Array.from(a, (v, i) => Math.abs(v - (b[i] as number))),
  );
