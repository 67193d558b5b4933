import { z } from 'zod';
import { defineArchitecture } from './architecture.ts';
import { activation, count, epsilon, headSizeOf, ropeKeys, rotaryOf } from './config-parts.ts';
import type { Linear } from './decoder.ts';

/** GPT-NeoX (Black et al. 2022) and Pythia: parallel residual, rotary positions on part of each head, layer norms, exact GELU. */
export const gptNeoX = defineArchitecture(
  z.object({
    hidden_size: count,
    num_hidden_layers: count,
    num_attention_heads: count,
    intermediate_size: count,
    vocab_size: count,
    max_position_embeddings: count,
    hidden_act: activation.default('gelu'),
    rotary_pct: z.number().positive().max(1).default(0.25),
    rotary_emb_base: z.number().positive().optional(),
    layer_norm_eps: epsilon.default(1e-5),
    use_parallel_residual: z.boolean().default(true),
    tie_word_embeddings: z.boolean().default(false),
    attention_bias: z.boolean().default(true),
    ...ropeKeys,
  }),
  (config) => {
    const { hidden_size: width, num_attention_heads: heads } = config;
    const headSize = headSizeOf(width, heads);
    const linear = (name: string, biased = true): Linear => ({
      weight: `${name}.weight`,
      ...(biased && { bias: `${name}.bias` }),
    });
    const rotary = rotaryOf(
      { ...config, rope_theta: config.rotary_emb_base ?? config.rope_theta },
      { headSize, partial: config.rotary_pct },
    );
    return {
      width,
      vocabularySize: config.vocab_size,
      contextLength: config.max_position_embeddings,
      prefix: 'gpt_neox.',
      embedding: { tokens: 'gpt_neox.embed_in.weight' },
      norm: { kind: 'layer', epsilon: config.layer_norm_eps },
      blocks: Array.from({ length: config.num_hidden_layers }, (_, layer) => {
        const block = `gpt_neox.layers.${layer}`;
        return {
          norms: {
            attention: `${block}.input_layernorm`,
            mlp: `${block}.post_attention_layernorm`,
          },
          attention: {
            heads,
            keyValueHeads: heads,
            headSize,
            input: {
              joint: linear(`${block}.attention.query_key_value`, config.attention_bias),
              order: 'by-head',
            },
            output: linear(`${block}.attention.dense`, config.attention_bias),
            scale: 1 / Math.sqrt(headSize),
            rotary,
          },
          mlp: {
            size: config.intermediate_size,
            activation: config.hidden_act,
            input: linear(`${block}.mlp.dense_h_to_4h`),
            output: linear(`${block}.mlp.dense_4h_to_h`),
          },
          parallel: config.use_parallel_residual,
        };
      }),
      finalNorm: 'gpt_neox.final_layer_norm',
      head: { weight: 'embed_out.weight', tied: config.tie_word_embeddings },
    };
  },
);
