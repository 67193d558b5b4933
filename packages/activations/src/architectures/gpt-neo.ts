import { z } from 'zod';
import { ConfigProblem, defineArchitecture } from './architecture.ts';
import { activation, count, epsilon, headSizeOf } from './config-parts.ts';
import type { Linear } from './decoder.ts';

/** Groups of layers: the sequence of kinds, and how often it repeats. */
const attentionTypes = z.array(
  z.tuple([z.array(z.enum(['global', 'local'])), z.int().nonnegative()]),
);

/** GPT-Neo (Black et al. 2021): a GPT-2 whose scores are not scaled, with a sliding window in every second layer. */
export const gptNeo = defineArchitecture(
  z.object({
    vocab_size: count.default(50_257),
    max_position_embeddings: count.default(2048),
    hidden_size: count.default(2048),
    num_layers: count.default(24),
    num_heads: count.default(16),
    intermediate_size: count.nullish(),
    attention_types: attentionTypes.default([[['global', 'local'], 12]]),
    window_size: count.default(256),
    activation_function: activation.default('gelu-tanh'),
    layer_norm_epsilon: epsilon.default(1e-5),
    tie_word_embeddings: z.boolean().default(true),
  }),
  (config) => {
    const { hidden_size: width, num_heads: heads, num_layers: layers } = config;
    const headSize = headSizeOf(width, heads);
    const kinds = config.attention_types.flatMap(([kinds, times]) =>
      Array.from({ length: times }, () => kinds).flat(),
    );
    if (kinds.length !== layers) {
      throw new ConfigProblem(
        'checkpoint-invalid',
        `has attention_types for ${kinds.length} layers and num_layers ${layers}`,
        'use the config.json that belongs to the weights',
      );
    }
    const linear = (name: string, biased = true): Linear => ({
      weight: `${name}.weight`,
      ...(biased && { bias: `${name}.bias` }),
    });
    return {
      width,
      vocabularySize: config.vocab_size,
      contextLength: config.max_position_embeddings,
      prefix: 'transformer.',
      embedding: { tokens: 'transformer.wte.weight', positions: 'transformer.wpe.weight' },
      norm: { kind: 'layer', epsilon: config.layer_norm_epsilon },
      blocks: kinds.map((kind, layer) => {
        const block = `transformer.h.${layer}`;
        const attention = `${block}.attn.attention`;
        return {
          norms: { attention: `${block}.ln_1`, mlp: `${block}.ln_2` },
          attention: {
            heads,
            keyValueHeads: heads,
            headSize,
            input: {
              query: linear(`${attention}.q_proj`, false),
              key: linear(`${attention}.k_proj`, false),
              value: linear(`${attention}.v_proj`, false),
            },
            output: linear(`${attention}.out_proj`),
            scale: 1,
            ...(kind === 'local' && { window: config.window_size }),
          },
          mlp: {
            size: config.intermediate_size ?? 4 * width,
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
