import { z } from 'zod';
import { ConfigProblem } from './architecture.ts';
import { count, epsilon, headSizeOf, ropeKeys } from './config-parts.ts';
import type { Activation, Attention, Block, Decoder, Linear, Rotary } from './decoder.ts';

/** Config keys that Llama shares with the architectures that store their weights under its names. */
export const llamaKeys = {
  hidden_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  intermediate_size: count,
  vocab_size: count,
  max_position_embeddings: count,
  rms_norm_eps: epsilon.default(1e-6),
  tie_word_embeddings: z.boolean().default(false),
  ...ropeKeys,
};

export type LlamaConfig = z.infer<z.ZodObject<typeof llamaKeys>>;

/** The linear layers of attention. */
export const attentionLayers: readonly string[] = ['q_proj', 'k_proj', 'v_proj', 'o_proj'];

/** How an architecture differs from a Llama without biases. */
export interface LlamaDifferences {
  readonly activation: Activation;
  /** Linear layers that have a bias, by the last part of their names: `q_proj`. */
  readonly biased?: readonly string[];
  /**
   * What a layer's attention has in addition to, or instead of, Llama's. `block` is the prefix of its names:
   * `model.layers.3`.
   */
  attention(layer: number, block: string): { readonly rotary: Rotary } & Partial<Attention>;
  /** The same for the rest of the block. */
  rest?(block: string): Partial<Pick<Block, 'norms' | 'mlp'>>;
  /** Prefix of all names. Default: none. */
  readonly root?: string;
}

/**
 * A decoder whose weights have Llama's names: RMS norms, grouped queries, a gated MLP. Throws `ConfigProblem` for heads that cannot
 * be grouped.
 */
export function llamaDecoder(config: LlamaConfig, differences: LlamaDifferences): Decoder {
  const { hidden_size: width, num_attention_heads: heads } = config;
  const { activation, biased = [], root = '' } = differences;
  const headSize = llamaHeadSize(config);
  const keyValueHeads = config.num_key_value_heads ?? heads;
  if (heads % keyValueHeads !== 0) {
    throw new ConfigProblem(
      'checkpoint-invalid',
      `has num_attention_heads ${heads} and num_key_value_heads ${keyValueHeads}, which does not divide it`,
      'use the config.json that belongs to the weights',
    );
  }
  return {
    width,
    vocabularySize: config.vocab_size,
    contextLength: config.max_position_embeddings,
    prefix: `${root}model.`,
    embedding: { tokens: `${root}model.embed_tokens.weight` },
    norm: { kind: 'rms', epsilon: config.rms_norm_eps },
    blocks: Array.from({ length: config.num_hidden_layers }, (_, layer): Block => {
      const block = `${root}model.layers.${layer}`;
      const linear = (part: string, name: string): Linear => ({
        weight: `${block}.${part}.${name}.weight`,
        ...(biased.includes(name) && { bias: `${block}.${part}.${name}.bias` }),
      });
      return {
        norms: {
          attention: `${block}.input_layernorm`,
          mlp: `${block}.post_attention_layernorm`,
        },
        attention: {
          heads,
          keyValueHeads,
          headSize,
          input: {
            query: linear('self_attn', 'q_proj'),
            key: linear('self_attn', 'k_proj'),
            value: linear('self_attn', 'v_proj'),
          },
          output: linear('self_attn', 'o_proj'),
          scale: 1 / Math.sqrt(headSize),
          ...differences.attention(layer, block),
        },
        mlp: {
          size: config.intermediate_size,
          activation,
          gate: linear('mlp', 'gate_proj'),
          input: linear('mlp', 'up_proj'),
          output: linear('mlp', 'down_proj'),
        },
        parallel: false,
        ...differences.rest?.(block),
      };
    }),
    finalNorm: `${root}model.norm`,
    head: { weight: `${root}lm_head.weight`, tied: config.tie_word_embeddings },
  };
}

/** Units of each head: as the config says, or the width split among the heads. Throws `ConfigProblem`. */
export const llamaHeadSize = (
  config: Pick<LlamaConfig, 'head_dim' | 'hidden_size' | 'num_attention_heads'>,
): number => config.head_dim ?? headSizeOf(config.hidden_size, config.num_attention_heads);

/** Norms over the units of each query and each key. */
export const queryKeyNorms = (
  block: string,
): Required<Pick<Attention, 'queryNorm' | 'keyNorm'>> => ({
  queryNorm: `${block}.self_attn.q_norm`,
  keyNorm: `${block}.self_attn.k_norm`,
});

/** Which layers see only a sliding window of positions, as `transformers` 5 writes it. */
export const layerTypes = z.array(z.enum(['full_attention', 'sliding_attention'])).nullish();

/**
 * Which layers have sliding windows: those that the config lists, or by the architecture's rule. Throws `ConfigProblem`
 * for a list of another length.
 */
export function slidingLayers(
  config: { readonly layer_types?: z.infer<typeof layerTypes>; readonly num_hidden_layers: number },
  rule: (layer: number) => boolean,
): (layer: number) => boolean {
  const { layer_types: listed, num_hidden_layers: layers } = config;
  if (!listed) return rule;
  if (listed.length === layers) return (layer) => listed[layer] === 'sliding_attention';
  throw new ConfigProblem(
    'checkpoint-invalid',
    `has layer_types for ${listed.length} layers and num_hidden_layers ${layers}`,
    'use the config.json that belongs to the weights',
  );
}
