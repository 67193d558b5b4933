import type { Sparsity } from '@feedprint/recipes';
import { saeTrainingSettingsSchema } from '@feedprint/sae';

/**
 * What the sparsity is where nobody says. L1: against the error summed over dimensions, of activations with a mean norm of
 * sqrt(dIn), between SAELens' 1 and the 5 of Anthropic's Circuits Updates of April 2024.
 */
export const usualSparsity: Readonly<Record<Sparsity, number>> = {
  k: saeTrainingSettingsSchema.shape.k.parse(undefined),
  l0: saeTrainingSettingsSchema.shape.l0.parse(undefined),
  l1: 2,
};
