import { FeedprintError } from '@feedprint/core';
import type { LanguageModel, NamedTensor } from '@feedprint/core';
import { sharedVocabulary } from './shared-vocabulary.ts';

/** Sums of squares of a base's parameters and of the differences that tuning made to them, in f64. */
export interface SquareSums {
  difference: number;
  base: number;
  parameters: number;
}

export const noSquares = (): SquareSums => ({ difference: 0, base: 0, parameters: 0 });

/**
 * Parameters of two models side by side, one tensor of each at a time. What is tied in both comes once; a head that
 * only one of them has of its own is paired with the other's embeddings. If one knows more tokens, only the rows of
 * those that both know are given. Throws `models-mismatched`.
 */
export function* pairedParameters(
  base: LanguageModel,
  tuned: LanguageModel,
): Generator<readonly [NamedTensor, NamedTensor]> {
  const other = tuned.parameters()[Symbol.iterator]();
  for (const a of base.parameters()) {
    const b: NamedTensor | undefined = other.next().value;
    if (b?.name !== a.name) throw mismatch(a, b);
    if (a.sameAs !== undefined && b.sameAs !== undefined) continue;
    if (written(a) === written(b)) yield [a, b];
    else if (isByToken(a, base) && isByToken(b, tuned) && columns(a) === columns(b)) {
      const rows = sharedVocabulary(base, tuned);
      yield [firstRows(a, rows), firstRows(b, rows)];
    } else throw mismatch(a, b);
  }
  const more = other.next().value;
  if (more) throw mismatch(undefined, more);
}

/** Adds a pair of tensors to the sums. */
export function addSquares(
  sums: SquareSums,
  [{ data: a }, { data: b }]: readonly [NamedTensor, NamedTensor],
): void {
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number;
    const d = (b[i] as number) - x;
    sums.difference += d * d;
    sums.base += x * x;
  }
  sums.parameters += a.length;
}

/** L2 norm of the difference, and the same relative to the base's norm; 0 for a base of zeros. */
export const distances = ({
  difference,
  base,
}: SquareSums): { readonly l2: number; readonly relativeL2: number } => ({
  l2: Math.sqrt(difference),
  relativeL2: base === 0 ? 0 : Math.sqrt(difference / base),
});

const isByToken = ({ shape }: NamedTensor, { info }: LanguageModel): boolean =>
  shape[0] === info.vocabularySize;

const columns = ({ shape }: NamedTensor): string => shape.slice(1).join();

function firstRows({ name, shape: [count, ...row], data }: NamedTensor, rows: number): NamedTensor {
  const length = (data.length / (count as number)) * rows;
  return { name, shape: [rows, ...row], data: data.subarray(0, length) };
}

const written = (tensor: NamedTensor | undefined): string =>
  tensor ? `${tensor.name} [${tensor.shape.join(', ')}]` : 'no more tensors';

const mismatch = (base?: NamedTensor, tuned?: NamedTensor): FeedprintError =>
  new FeedprintError({
    code: 'models-mismatched',
    message: `base has ${written(base)}, tuned has ${written(tuned)}`,
    remedy: 'compare a model with one that was tuned from it',
  });
