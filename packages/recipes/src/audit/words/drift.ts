import { unembeddingRows } from '@feedprint/activations';
import { vocabularyDrift } from '@feedprint/probe';
import type { AuditContext } from '../context.ts';
import type { ModelRole } from '../model-role.ts';

/** Least count that the base model must expect of a token for its log-ratio to be used. */
const LEAST = 1;

/** What the words' log-ratios would be if the feedback did not score them, nats; zeros where the base's unembedding is not known. */
export function driftOf(
  { words, unscored, models }: Pick<AuditContext, 'words' | 'unscored' | 'models'>,
  { base, tuned }: Readonly<Record<ModelRole, ArrayLike<number>>>,
): Float64Array {
  const kept = unscored.flatMap((id, t) => {
    const [expectedCount, after] = [base[t] as number, tuned[t] as number];
    if (expectedCount < LEAST || after === 0) return [];
    return [{ id, expectedCount, logRatio: Math.log(after / expectedCount) }];
  });
  const scoredRows = unembeddingRows(
    models.base,
    words.map(({ id }) => id),
  );
  const unscoredRows = unembeddingRows(
    models.base,
    kept.map(({ id }) => id),
  );
  if (!scoredRows || !unscoredRows) return new Float64Array(words.length);
  return vocabularyDrift({ unscored: unscoredRows, tokens: kept, words: scoredRows });
}
