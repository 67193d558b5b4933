import type { NamedTensor } from '@feedprint/core';

/** Parts that the parameters of a model belong to, those of a block first. */
export const components = [
  'attention',
  'mlp',
  'norm',
  'embedding',
  'final-norm',
  'unembedding',
  'other',
] as const;

export type Component = (typeof components)[number];

/** Within a block: by the first name after the block's number, so that norms inside attention belong to attention. */
const inBlocks: readonly (readonly [Component, RegExp])[] = [
  ['norm', /norm|^ln_?\w*$/i],
  ['attention', /attn|attention/i],
  ['mlp', /mlp|ffn|feed_?forward|^fc_?\w*$|^dense/i],
];

/** Outside blocks: by the whole name. */
const outside: readonly (readonly [Component, RegExp])[] = [
  ['unembedding', /embed_out|lm_head|(^|\.)(score|classifier|output)\./],
  ['final-norm', /norm|(^|\.)ln_f\./i],
  ['embedding', /embed|(^|\.)(wte|wpe)\./],
];

/** The part that a parameter belongs to, by its name in Hugging Face checkpoints. */
export function componentOf({ name, layer }: Pick<NamedTensor, 'name' | 'layer'>): Component {
  const [rules, text] =
    layer === undefined
      ? ([outside, name] as const)
      : ([inBlocks, /\.\d+\.([^.]+)/.exec(name)?.[1] ?? name] as const);
  return rules.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
}
