import { z } from 'zod';
import { defineArchitecture, unsupported } from './architecture.ts';
import { activation, count, epsilon, headSizeOf } from './config-parts.ts';
import type { Linear } from './decoder.ts';

/** GPT-2 (Radford et al. 2019): learned positions, layer norms, tanh GELU, matrices stored `[input, output]`. */
export const gpt2 = defineArchitecture(
  z.object({
    vocab_size: count.default(50_257),
    n_positions: count.default(1024),
    n_embd: count.default(768),
    n_layer: count.default(12),
    n_head: count.default(12),
    n_inner: count.nullish(),
    activation_function: activation.default('gelu-tanh'),
    layer_norm_epsilon: epsilon.default(1e-5),
    scale_attn_weights: z.boolean().default(true),
    scale_attn_by_inverse_layer_idx: z.boolean().default(false),
    add_cross_attention: z.boolean().default(false),
    tie_word_embeddings: z.boolean().default(true),
  }),
  (config) => {
    const { n_embd: width, n_head: heads } = config;
    if (config.add_cross_attention) {
      throw unsupported('attention to an encoder', 'use a GPT-2 that is only a language model');
    }
    const headSize = headSizeOf(width, heads);
    const scale = config.scale_attn_weights ? 1 / Math.sqrt(headSize) : 1;
    const linear = (name: string): Linear => ({
      weight: `${name}.weight`,
      bias: `${name}.bias`,
      layout: 'input-output',
    });
    return {
      width,
      vocabularySize: config.vocab_size,
      contextLength: config.n_positions,
      prefix: 'transformer.',
      embedding: { tokens: 'transformer.wte.weight', positions: 'transformer.wpe.weight' },
      norm: { kind: 'layer', epsilon: config.layer_norm_epsilon },
      blocks: Array.from({ length: config.n_layer }, (_, layer) => {
        const block = `transformer.h.${layer}`;
        return {
          norms: { attention: `${block}.ln_1`, mlp: `${block}.ln_2` },
          attention: {
            heads,
            keyValueHeads: heads,
            headSize,
            input: { joint: linear(`${block}.attn.c_attn`), order: 'stacked' },
            output: linear(`${block}.attn.c_proj`),
            scale: config.scale_attn_by_inverse_layer_idx ? scale / (layer + 1) : scale,
          },
          mlp: {
            size: config.n_inner ?? 4 * width,
            activation: config.activation_function,
            input: linear(`${block}.mlp.c_fc`),
            output: linear(`${block}.mlp.c_proj`),
          },
          parallel: false,
        };
      }),
      finalNorm: 'transformer.ln_f',
      head: { weight: 'lm_head.weight', tied: config.tie_word_embeddings },
    };
  },
);
