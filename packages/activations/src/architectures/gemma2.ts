import { z } from 'zod';
import { defineArchitecture } from './architecture.ts';
import { activation, count, rotaryOf } from './config-parts.ts';
import type { Attention, Decoder, Rotary } from './decoder.ts';
import { gemmaDecoder, gemmaKeys } from './gemma.ts';
import { layerTypes, slidingLayers } from './llama-family.ts';

const softcap = z.number().positive().nullable();

/** Config keys of Gemma 2 and 3, with Gemma 2's defaults. */
export const gemma2Keys = {
  ...gemmaKeys,
  num_key_value_heads: count.nullable().default(4),
  hidden_activation: activation.default('gelu-tanh'),
  /** Scores are divided by its square root. */
  query_pre_attn_scalar: z.number().positive().default(256),
  sliding_window: count.nullable().default(4096),
  layer_types: layerTypes,
  attn_logit_softcapping: softcap.default(50),
  final_logit_softcapping: softcap.default(30),
};

/** How a later Gemma differs from the second. */
export interface Gemma2Differences {
  /** Whether a layer has a sliding window, where the config does not list it. */
  slides(layer: number): boolean;
  attention(slides: boolean, block: string): { readonly rotary: Rotary } & Partial<Attention>;
  /** Prefix of all names. Default: none. */
  readonly root?: string;
}

/** A Gemma with norms before and after attention and MLP, capped scores and logits, and layers with sliding windows. */
export function gemma2Decoder(
  config: z.infer<z.ZodObject<typeof gemma2Keys>>,
  differences: Gemma2Differences,
): Decoder {
  const { attention, root } = differences;
  const { sliding_window: window, attn_logit_softcapping: scores } = config;
  const slides = slidingLayers(config, (layer) => differences.slides(layer));
  const decoder = gemmaDecoder(config, {
    activation: config.hidden_activation,
    attention: (layer, block) => ({
      scale: 1 / Math.sqrt(config.query_pre_attn_scalar),
      ...(scores !== null && { softcap: scores }),
      ...(window !== null && slides(layer) && { window }),
      ...attention(slides(layer), block),
    }),
    rest: (block) => ({
      norms: {
        attention: `${block}.input_layernorm`,
        attentionOut: `${block}.post_attention_layernorm`,
        mlp: `${block}.pre_feedforward_layernorm`,
        mlpOut: `${block}.post_feedforward_layernorm`,
      },
    }),
    ...(root !== undefined && { root }),
  });
  const { final_logit_softcapping: logits } = config;
  return logits === null ? decoder : { ...decoder, head: { ...decoder.head, softcap: logits } };
}

/** Gemma 2 (Riviere et al. 2024): more norms, capped scores and logits, and a sliding window in every second layer. */
export const gemma2 = defineArchitecture(z.object(gemma2Keys), (config) => {
  const rotary = rotaryOf(config, { headSize: config.head_dim });
  return gemma2Decoder(config, {
    slides: (layer) => layer % 2 === 0,
    attention: () => ({ rotary }),
  });
});
