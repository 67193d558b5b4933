import type { LanguageModel, Property } from '@feedprint/core';
import { rolloutText } from '@feedprint/finetune';
import type { Rollout } from '@feedprint/finetune';

/** What each property says of each reply, by the property's name. */
export async function measureReplies(
  model: Pick<LanguageModel, 'tokenizer'>,
  properties: readonly Property[],
  rollouts: readonly Rollout[],
): Promise<Map<string, Float64Array>> {
  const texts = rollouts.map((rollout) => rolloutText(model, rollout));
  const measured = new Map<string, Float64Array>();
  for (const property of properties) measured.set(property.name, await property.measure(texts));
  return measured;
}

/** The sum of what is said of each token. */
export const totals = (
  rollouts: readonly Rollout[],
  feedback: (rollout: Rollout) => Float64Array,
): Float64Array =>
  Float64Array.from(rollouts, (rollout) => feedback(rollout).reduce((sum, one) => sum + one, 0));

/** The first of two replies less the second, where all replies to one prompt stand one after another; NaN counts as no difference. */
export const firstLessSecond = (values: ArrayLike<number>, each: number): Float64Array =>
  Float64Array.from({ length: values.length / each }, (_, i) => {
    const difference = (values[i * each] as number) - (values[i * each + 1] as number);
    return Number.isFinite(difference) ? difference : 0;
  });
