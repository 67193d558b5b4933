import type { SiteInfo } from '@feedprint/core';
import { add, gather, gelu, layerNorm, matmul, reshape, transpose } from '@feedprint/graph';
import type { Graph, Tensor } from '@feedprint/graph';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { rotarySizeOf } from '../checkpoint/config.ts';
import type { GptNeoXConfig } from '../checkpoint/config.ts';
import { createWeights } from './architecture.ts';
import type { Architecture } from './architecture.ts';
import { causalAttention } from './attention.ts';
import { rotaryTables, rotate } from './rotary.ts';

/** GPT-NeoX (Black et al. 2022) and Pythia: parallel residual, rotary positions on part of each head, exact GELU. */
export function gptNeoX(config: GptNeoXConfig, checkpoint: Checkpoint): Architecture {
  const { hidden_size: d, num_attention_heads: heads, num_hidden_layers: layers } = config;
  const { intermediate_size: inner, vocab_size: vocabulary, layer_norm_eps: epsilon } = config;
  const headSize = d / heads;
  const rotarySize = rotarySizeOf(config);
  const tables = rotaryTables(
    config.max_position_embeddings,
    rotarySize,
    config.rotary_emb_base ?? config.rope_theta ?? 10_000,
  );
  const weights = createWeights(checkpoint);

  const norm = (graph: Graph, x: Tensor, name: string): Tensor =>
    layerNorm(
      x,
      weights(graph, `${name}.weight`, [d]),
      weights(graph, `${name}.bias`, [d]),
      epsilon,
    );
  const linear = (graph: Graph, x: Tensor, name: string, input: number, output: number): Tensor =>
    add(
      matmul(x, weights.linear(graph, `${name}.weight`, input, output)),
      weights(graph, `${name}.bias`, [output]),
    );

  const attention = (graph: Graph, x: Tensor, name: string, positions: Tensor): Tensor => {
    const qkv = matmul(x, weights.linear(graph, `${name}.query_key_value.weight`, d, 3 * d));
    const biased = config.attention_bias
      ? add(qkv, weights(graph, `${name}.query_key_value.bias`, [3 * d]))
      : qkv;
    // Stored head by head as [query, key, value].
    const split = transpose(
      reshape(biased, ['batch', 'length', heads, 3 * headSize]),
      [0, 2, 1, 3],
    );
    const z = causalAttention(split, headSize, positions, (part) =>
      rotate(part, rotarySize, tables, positions),
    );
    const merged = reshape(transpose(z, [0, 2, 1, 3]), ['batch', 'length', d]);
    const out = matmul(merged, weights.linear(graph, `${name}.dense.weight`, d, d));
    return config.attention_bias ? add(out, weights(graph, `${name}.dense.bias`, [d])) : out;
  };

  return {
    layers,
    width: d,
    vocabularySize: vocabulary,
    contextLength: config.max_position_embeddings,
    sites: Array.from({ length: layers }, (_, layer) => sitesOf(layer, d, inner)).flat(),
    layerOf(parameter) {
      const match = /^gpt_neox\.layers\.(\d+)\./.exec(parameter);
      return match ? Number(match[1]) : undefined;
    },
    forward(graph, { ids, positions }, tap) {
      let x = gather(weights(graph, 'gpt_neox.embed_in.weight', [vocabulary, d]), ids);
      for (let layer = 0; layer < layers; layer++) {
        const block = `gpt_neox.layers.${layer}`;
        const site = `blocks.${layer}`;
        x = tap(`${site}.hook_resid_pre`, x);
        const attended = tap(
          `${site}.hook_attn_out`,
          attention(
            graph,
            norm(graph, x, `${block}.input_layernorm`),
            `${block}.attention`,
            positions,
          ),
        );
        const middle = add(x, attended);
        const mlpInput = config.use_parallel_residual ? x : middle;
        const normed = norm(graph, mlpInput, `${block}.post_attention_layernorm`);
        const pre = linear(graph, normed, `${block}.mlp.dense_h_to_4h`, d, inner);
        const post = tap(
          `${site}.mlp.hook_post`,
          gelu(pre, config.hidden_act === 'gelu' ? 'none' : 'tanh'),
        );
        const mlp = tap(
          `${site}.hook_mlp_out`,
          linear(graph, post, `${block}.mlp.dense_4h_to_h`, inner, d),
        );
        x = tap(`${site}.hook_resid_post`, add(middle, mlp));
      }
      return norm(graph, x, 'gpt_neox.final_layer_norm');
    },
    unembed(graph, rows) {
      const name = config.tie_word_embeddings ? 'gpt_neox.embed_in.weight' : 'embed_out.weight';
      return matmul(rows, weights.linear(graph, name, d, vocabulary));
    },
  };
}

function sitesOf(layer: number, d: number, inner: number): SiteInfo[] {
  const widths: Record<string, number> = {
    hook_resid_pre: d,
    hook_attn_out: d,
    'mlp.hook_post': inner,
    hook_mlp_out: d,
    hook_resid_post: d,
  };
  return Object.entries(widths).map(([name, width]) => ({
    site: `blocks.${layer}.${name}`,
    layer,
    width,
  }));
}
