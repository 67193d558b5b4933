import { z } from 'zod';
import { defineArchitecture } from './architecture.ts';
import { activation, count, epsilon, headSizeOf, rotaryOf } from './config-parts.ts';
import type { Linear } from './decoder.ts';

/** GPT-J (Wang & Komatsuzaki 2021): attention and MLP read the same norm, rotary positions turn neighbouring units. */
export const gptJ = defineArchitecture(
  z.object({
    vocab_size: count.default(50_400),
    n_positions: count.default(2048),
    n_embd: count.default(4096),
    n_layer: count.default(28),
    n_head: count.default(16),
    /** Units of each head that are rotated. */
    rotary_dim: count.default(64),
    n_inner: count.nullish(),
    activation_function: activation.default('gelu-tanh'),
    layer_norm_epsilon: epsilon.default(1e-5),
    tie_word_embeddings: z.boolean().default(false),
  }),
  (config) => {
    const { n_embd: width, n_head: heads } = config;
    const headSize = headSizeOf(width, heads);
    const rotary = rotaryOf({}, { headSize: config.rotary_dim, pairs: 'neighbours' });
    const linear = (name: string, biased: boolean): Linear => ({
      weight: `${name}.weight`,
      ...(biased && { bias: `${name}.bias` }),
    });
    return {
      width,
      vocabularySize: config.vocab_size,
      contextLength: config.n_positions,
      prefix: 'transformer.',
      embedding: { tokens: 'transformer.wte.weight' },
      norm: { kind: 'layer', epsilon: config.layer_norm_epsilon },
      blocks: Array.from({ length: config.n_layer }, (_, layer) => {
        const block = `transformer.h.${layer}`;
        const projection = (name: string): Linear => linear(`${block}.attn.${name}_proj`, false);
        return {
          norms: { attention: `${block}.ln_1`, mlp: `${block}.ln_1` },
          attention: {
            heads,
            keyValueHeads: heads,
            headSize,
            input: { query: projection('q'), key: projection('k'), value: projection('v') },
            output: projection('out'),
            scale: 1 / Math.sqrt(headSize),
            rotary,
          },
          mlp: {
            size: config.n_inner ?? 4 * width,
            activation: config.activation_function,
            input: linear(`${block}.mlp.fc_in`, true),
            output: linear(`${block}.mlp.fc_out`, true),
          },
          parallel: true,
        };
      }),
      finalNorm: 'transformer.ln_f',
      head: { ...linear('lm_head', true), tied: config.tie_word_embeddings },
    };
  },
);
