import { z } from 'zod';
import { defineArchitecture, unsupported } from './architecture.ts';
import { count, ropeKeys, rotaryOf } from './config-parts.ts';
import type { Decoder } from './decoder.ts';
import { gemma2Decoder, gemma2Keys } from './gemma2.ts';
import { queryKeyNorms } from './llama-family.ts';

const cap = z.number().positive().nullable().default(null);
const text = z.object({
  ...gemma2Keys,
  // Published configs leave out whatever is the same as in Gemma 3 4B.
  hidden_size: count.default(2304),
  num_hidden_layers: count.default(26),
  num_attention_heads: count.default(8),
  intermediate_size: count.default(9216),
  vocab_size: count.default(262_208),
  max_position_embeddings: count.default(131_072),
  attn_logit_softcapping: cap,
  final_logit_softcapping: cap,
  /** One layer in this many sees all positions. */
  sliding_window_pattern: count.default(6),
  rope_local_base_freq: z.number().positive().default(10_000),
  rope_parameters: z
    .object({
      full_attention: ropeKeys.rope_parameters,
      sliding_attention: ropeKeys.rope_parameters,
    })
    .nullish(),
});

/**
 * Gemma 3 (Kamath et al. 2025), text only: a Gemma 2 with norms on queries and keys, and different rotary positions in
 * sliding layers.
 */
export const gemma3Text = defineArchitecture(text, (config) => gemma3Decoder(config));

/** The language model inside Gemma 3 with vision. */
export const gemma3 = defineArchitecture(
  z.object({
    architectures: z.array(z.string()).nullish(),
    tie_word_embeddings: z.boolean().optional(),
    text_config: z.record(z.string(), z.unknown()),
  }),
  ({ architectures, text_config: inner, ...outer }) => {
    const [kind = 'Gemma3ForConditionalGeneration'] = architectures ?? [];
    if (kind === 'Gemma3ForConditionalGeneration') {
      return gemma3Decoder(text.parse({ ...outer, ...inner }), 'language_model.');
    }
    throw unsupported(
      `${kind} on images and text`,
      'use a Gemma3ForConditionalGeneration checkpoint, or one for text only',
    );
  },
);

function gemma3Decoder(config: z.infer<typeof text>, root?: string): Decoder {
  const { head_dim: headSize, rope_parameters: ropes, ...rest } = config;
  const everywhere = rotaryOf(
    { ...rest, rope_parameters: ropes?.full_attention },
    { headSize, theta: 1_000_000 },
  );
  const local = rotaryOf(
    { rope_theta: config.rope_local_base_freq, rope_parameters: ropes?.sliding_attention },
    { headSize },
  );
  return gemma2Decoder(config, {
    slides: (layer) => (layer + 1) % config.sliding_window_pattern > 0,
    attention: (slides, block) => ({
      rotary: slides ? local : everywhere,
      ...queryKeyNorms(block),
    }),
    ...(root !== undefined && { root }),
  });
}
