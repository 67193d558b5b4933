import { saeTrainingSettingsSchema } from '@feedprint/sae';
import type { SaeTrainingSettings } from '@feedprint/sae';

export type TrainableKind = SaeTrainingSettings['kind'];

/** Names of the kinds of SAEs that can be trained. */
export const trainableKinds: readonly TrainableKind[] =
  saeTrainingSettingsSchema.shape.kind.unwrap().options;

/** The setting by which each kind is made sparse. */
export const sparsityOf = {
  tied: 'l1',
  relu: 'l1',
  gated: 'l1',
  topk: 'k',
  batchtopk: 'k',
  matryoshka: 'k',
  crosscoder: 'k',
  jumprelu: 'l0',
} as const satisfies Record<TrainableKind, 'l1' | 'l0' | 'k'>;

export type Sparsity = (typeof sparsityOf)[TrainableKind];
