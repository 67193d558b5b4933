import { z } from 'zod';
import { defineArchitecture } from './architecture.ts';
import { count, rotaryOf } from './config-parts.ts';
import { attentionLayers, llamaDecoder, queryKeyNorms } from './llama-family.ts';
import { qwenKeys, qwenWindows } from './qwen2.ts';

/** Qwen3 (Yang et al. 2025): a Llama that normalises the queries and keys of each head. */
export const qwen3 = defineArchitecture(
  z.object({
    ...qwenKeys,
    head_dim: count.default(128),
    attention_bias: z.boolean().default(false),
  }),
  (config) => {
    const rotary = rotaryOf(config, { headSize: config.head_dim });
    const window = qwenWindows(config);
    return llamaDecoder(config, {
      activation: config.hidden_act,
      biased: config.attention_bias ? attentionLayers : [],
      attention: (layer, block) => ({ rotary, ...queryKeyNorms(block), ...window(layer) }),
    });
  },
);
