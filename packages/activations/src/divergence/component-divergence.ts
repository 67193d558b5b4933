import type { LanguageModel } from '@feedprint/core';
import { componentOf, components } from './component-of.ts';
import type { Component } from './component-of.ts';
import { addSquares, distances, noSquares, pairedParameters } from './paired-parameters.ts';
import type { SquareSums } from './paired-parameters.ts';

/** How far tuning moved one part of a block, or of what is outside the blocks. */
export interface ComponentDivergence {
  /** Block, from 0; absent for embeddings, the final norm and the unembedding. */
  readonly layer?: number;
  readonly component: Component;
  /** Count of numbers in its parameters. */
  readonly parameters: number;
  /** L2 norm of the difference over all of its parameters. */
  readonly l2: number;
  /** `l2` divided by the L2 norm of the base's parameters. */
  readonly relativeL2: number;
}

/**
 * L2 distance of the parameters of each part of each block (attention, MLP, norms) and of the embeddings, final norm
 * and unembedding; blocks in order, then what is outside them. One tensor of each model is held at a time. Throws
 * `models-mismatched`.
 */
export function componentDivergence(
  base: LanguageModel,
  tuned: LanguageModel,
): readonly ComponentDivergence[] {
  const parts = new Map<string, { layer?: number; component: Component; sums: SquareSums }>();
  for (const pair of pairedParameters(base, tuned)) {
    const { layer } = pair[0];
    const component = componentOf(pair[0]);
    const key = `${layer ?? ''} ${component}`;
    const part = parts.get(key) ?? {
      ...(layer !== undefined && { layer }),
      component,
      sums: noSquares(),
    };
    parts.set(key, part);
    addSquares(part.sums, pair);
  }
  const rank = ({ component }: { readonly component: Component }): number =>
    components.indexOf(component);
  return [...parts.values()]
    .sort((a, b) => (a.layer ?? Infinity) - (b.layer ?? Infinity) || rank(a) - rank(b))
    .map(({ sums, ...part }) => ({ ...part, parameters: sums.parameters, ...distances(sums) }));
}
