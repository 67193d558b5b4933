import { z } from 'zod';
import { defineArchitecture } from './architecture.ts';
import { activation, count, rotaryOf } from './config-parts.ts';
import { attentionLayers, llamaDecoder, llamaHeadSize, llamaKeys } from './llama-family.ts';

/** Llama (Touvron et al. 2023): RMS norms, rotary positions, gated SiLU, several queries per key and value. */
export const llama = defineArchitecture(
  z.object({
    ...llamaKeys,
    max_position_embeddings: count.default(2048),
    hidden_act: activation.default('silu'),
    attention_bias: z.boolean().default(false),
    mlp_bias: z.boolean().default(false),
  }),
  (config) => {
    const rotary = rotaryOf(config, { headSize: llamaHeadSize(config) });
    return llamaDecoder(config, {
      activation: config.hidden_act,
      biased: [
        ...(config.attention_bias ? attentionLayers : []),
        ...(config.mlp_bias ? ['gate_proj', 'up_proj', 'down_proj'] : []),
      ],
      attention: () => ({ rotary }),
    });
  },
);
