import { saeTrainingSettingsSchema } from '@feedprint/sae';
import type { SaeTrainingSettings } from '@feedprint/sae';

export type KindName = SaeTrainingSettings['kind'];

/** Names of the kinds of SAE that can be trained. */
export const kinds: readonly KindName[] = saeTrainingSettingsSchema.shape.kind.unwrap().options;

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
} as const satisfies Record<KindName, 'l1' | 'l0' | 'k'>;

export type Sparsity = (typeof sparsityOf)[KindName];

/**
 * What the sparsity is where nobody says. L1: against the error summed over dimensions, of activations with a mean norm of
 * sqrt(dIn), between SAELens' 1 and the 5 of Anthropic's Circuits Updates of April 2024.
 */
export const usualSparsity: Readonly<Record<Sparsity, number>> = {
  k: saeTrainingSettingsSchema.shape.k.parse(undefined),
  l0: saeTrainingSettingsSchema.shape.l0.parse(undefined),
  l1: 2,
};
