import { z } from 'zod';
import { defineArchitecture, unsupported } from './architecture.ts';
import { activation, count, rotaryOf } from './config-parts.ts';
import type { Decoder } from './decoder.ts';
import { attentionLayers, llamaDecoder, llamaKeys } from './llama-family.ts';
import type { LlamaDifferences } from './llama-family.ts';

/** Config keys of all generations of Gemma, with the first's defaults. */
export const gemmaKeys = {
  ...llamaKeys,
  num_key_value_heads: count.nullable().default(16),
  head_dim: count.default(256),
  max_position_embeddings: count.default(8192),
  tie_word_embeddings: z.boolean().default(true),
  attention_bias: z.boolean().default(false),
  use_bidirectional_attention: z.boolean().nullish(),
};

/** A Llama whose norms scale by 1 + weight and whose embeddings are scaled by the square root of the width. */
export function gemmaDecoder(
  config: z.infer<z.ZodObject<typeof gemmaKeys>>,
  differences: LlamaDifferences,
): Decoder {
  if (config.use_bidirectional_attention) {
    throw unsupported('bidirectional attention', 'use a Gemma model that is a language model');
  }
  const biased = config.attention_bias ? attentionLayers : [];
  const decoder = llamaDecoder(config, { ...differences, biased });
  return {
    ...decoder,
    norm: { ...decoder.norm, unitOffset: true },
    embedding: { ...decoder.embedding, scale: Math.sqrt(decoder.width) },
  };
}

/** Gemma (Mesnard et al. 2024): tanh GELU, scaled embeddings, and heads that need not fill the width. */
export const gemma = defineArchitecture(
  z.object({ ...gemmaKeys, hidden_act: activation.default('gelu-tanh') }),
  (config) => {
    const rotary = rotaryOf(config, { headSize: config.head_dim });
    return gemmaDecoder(config, {
      // The first checkpoints say `gelu` but were trained with its tanh form.
      activation: config.hidden_act === 'gelu' ? 'gelu-tanh' : config.hidden_act,
      attention: () => ({ rotary }),
    });
  },
);
