import { z } from 'zod';
import { defineArchitecture } from './architecture.ts';
import { activation, count, rotaryOf } from './config-parts.ts';
import { llamaDecoder, llamaHeadSize, llamaKeys } from './llama-family.ts';

/** Mistral (Jiang et al. 2023): a Llama whose layers see only a sliding window of positions. */
export const mistral = defineArchitecture(
  z.object({
    ...llamaKeys,
    num_key_value_heads: count.nullable().default(8),
    max_position_embeddings: count.default(131_072),
    hidden_act: activation.default('silu'),
    sliding_window: count.nullable().default(4096),
  }),
  (config) => {
    const rotary = rotaryOf(config, { headSize: llamaHeadSize(config) });
    const window = config.sliding_window;
    return llamaDecoder(config, {
      activation: config.hidden_act,
      attention: () => ({ rotary, ...(window !== null && { window }) }),
    });
  },
);
