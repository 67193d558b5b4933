import { expect, test } from '@jest/globals';
import { loadModel } from '../../src/index.ts';
import { worstDifference } from './compare.ts';
import { golden, writeGoldenCheckpoint } from './golden-checkpoint.ts';

/** Last logits of the longest row, with a changed config. */
async function lastLogits(name: string, changes: Readonly<Record<string, unknown>>) {
  const model = golden(name);
  const config = { ...model.config, ...changes };
  const loaded = await loadModel(writeGoldenCheckpoint(model, { config }), { threads: 1 });
  const ids = model.rows[0]?.ids ?? [];
  const { logits } = await loaded.run([ids], { logits: 'last' });
  await loaded.dispose();
  return [...(logits?.data ?? [])];
}

// Without one of these, a golden model would agree with an implementation that ignores the setting.
test.each([
  ['gpt_neox', { use_parallel_residual: false }],
  ['gpt_neox', { rotary_pct: 1 }],
  ['gpt_neox', { rotary_emb_base: 10_000 }],
  ['gpt_neox', { hidden_act: 'relu' }],
  ['gpt_neox-sequential', { rope_scaling: null }],
  ['gpt_neo', { window_size: 256 }],
  ['gpt_neo', { attention_types: [[['global'], 3]] }],
  ['gpt2', { layer_norm_epsilon: 1e-5 }],
  ['gpt2', { activation_function: 'silu' }],
  ['gpt2-scaled-by-layer', { scale_attn_by_inverse_layer_idx: false }],
  ['gpt2-unscaled', { scale_attn_weights: true }],
  ['gptj', { rotary_dim: 8 }],
  ['llama', { rope_theta: 10_000 }],
  ['llama', { rms_norm_eps: 1e-6 }],
  ['llama-biased', { attention_bias: false }],
  ['llama-biased', { mlp_bias: false }],
  ['llama-biased', { rope_scaling: null }],
  ['llama-linear', { rope_scaling: null }],
  ['mistral', { sliding_window: null }],
  ['mistral', { sliding_window: 5 }],
  ['qwen2', { use_sliding_window: false }],
  ['qwen2', { max_window_layers: 2 }],
  ['qwen3-biased', { use_sliding_window: false }],
  ['phi3', { sliding_window: null }],
  ['phi3', { partial_rotary_factor: 1 }],
  ['phi3-longrope', { original_max_position_embeddings: 16 }],
  ['phi3-longrope', { max_position_embeddings: 8 * 32 }],
  ['gemma2', { attn_logit_softcapping: null }],
  ['gemma2', { final_logit_softcapping: null }],
  ['gemma2', { query_pre_attn_scalar: 256 }],
  ['gemma2', { sliding_window: null }],
  ['gemma3', { rope_local_base_freq: 100 }],
  ['gemma3', { rope_scaling: null }],
  ['gemma3', { sliding_window_pattern: 3 }],
])('%s computes something else with %j', async (name, changes) => {
  const given = golden(name).rows[0]?.lastLogits ?? [];
  expect(worstDifference(await lastLogits(name, changes), given)).toBeGreaterThan(1e-3);
});
