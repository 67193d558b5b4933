import { z } from 'zod';
import { defineArchitecture } from './architecture.ts';
import { activation, count, rotaryOf } from './config-parts.ts';
import {
  layerTypes,
  llamaDecoder,
  llamaHeadSize,
  llamaKeys,
  slidingLayers,
} from './llama-family.ts';

/** Config keys of Qwen2 and Qwen3. */
export const qwenKeys = {
  ...llamaKeys,
  num_key_value_heads: count.nullable().default(32),
  max_position_embeddings: count.default(32_768),
  hidden_act: activation.default('silu'),
  use_sliding_window: z.boolean().default(false),
  sliding_window: count.nullable().default(4096),
  /** The first layer with a sliding window. */
  max_window_layers: z.int().nonnegative().default(28),
  layer_types: layerTypes,
};

/** The sliding window of each layer; off by default; if on, only in the upper layers. */
export function qwenWindows(
  config: z.infer<z.ZodObject<typeof qwenKeys>>,
): (layer: number) => { readonly window?: number } {
  const { use_sliding_window: used, sliding_window: window } = config;
  const slides = slidingLayers(config, (layer) => layer >= config.max_window_layers);
  return (layer) => (used && window !== null && slides(layer) ? { window } : {});
}

/** Qwen2 and Qwen2.5 (Yang et al. 2024): a Llama with biases on queries, keys and values. */
export const qwen2 = defineArchitecture(z.object(qwenKeys), (config) => {
  const rotary = rotaryOf(config, { headSize: llamaHeadSize(config) });
  const window = qwenWindows(config);
  return llamaDecoder(config, {
    activation: config.hidden_act,
    biased: ['q_proj', 'k_proj', 'v_proj'],
    attention: (layer) => ({ rotary, ...window(layer) }),
  });
});
