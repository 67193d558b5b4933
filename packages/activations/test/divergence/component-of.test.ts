import { describe, expect, test } from '@jest/globals';
import { componentOf } from '../../src/divergence/component-of.ts';

/** Parameter names of checkpoints as Hugging Face publishes them, by what they are. */
const names: Readonly<Record<string, string>> = {
  attention: `
    gpt_neox.layers.0.attention.query_key_value.weight gpt_neox.layers.0.attention.dense.bias
    transformer.h.0.attn.c_attn.weight h.0.attn.c_proj.bias transformer.h.0.attn.q_proj.weight
    transformer.h.0.attn.attention.out_proj.bias model.layers.0.self_attn.q_proj.weight
    model.layers.0.self_attn.qkv_proj.weight model.layers.0.self_attn.o_proj.weight
    model.layers.0.self_attn.q_norm.weight model.layers.0.self_attn.k_norm.weight
    model.decoder.layers.0.self_attn.k_proj.bias transformer.h.0.self_attention.query_key_value.weight`,
  mlp: `
    gpt_neox.layers.0.mlp.dense_h_to_4h.weight gpt_neox.layers.0.mlp.dense_4h_to_h.bias
    transformer.h.0.mlp.c_fc.weight h.0.mlp.c_proj.bias transformer.h.0.mlp.fc_in.weight
    model.layers.0.mlp.gate_proj.weight model.layers.0.mlp.gate_up_proj.weight
    model.layers.0.mlp.down_proj.weight model.decoder.layers.0.fc1.weight model.decoder.layers.0.fc2.bias`,
  norm: `
    gpt_neox.layers.0.input_layernorm.weight gpt_neox.layers.0.post_attention_layernorm.bias
    transformer.h.0.ln_1.weight h.0.ln_2.bias model.layers.0.input_layernorm.weight
    model.layers.0.post_attention_layernorm.weight model.layers.0.pre_feedforward_layernorm.weight
    model.layers.0.post_feedforward_layernorm.weight model.decoder.layers.0.self_attn_layer_norm.weight
    model.decoder.layers.0.final_layer_norm.bias`,
  embedding: `
    gpt_neox.embed_in.weight transformer.wte.weight wte.weight wpe.weight transformer.wpe.weight
    model.embed_tokens.weight model.decoder.embed_positions.weight`,
  'final-norm': `
    gpt_neox.final_layer_norm.weight transformer.ln_f.bias ln_f.weight model.norm.weight
    model.decoder.final_layer_norm.weight`,
  unembedding: `embed_out.weight lm_head.weight lm_head.bias score.weight classifier.weight`,
  other: `zz.extra`,
};

describe('the component of a parameter', () => {
  test.each(
    Object.entries(names).flatMap(([component, list]) =>
      list
        .trim()
        .split(/\s+/)
        .map((name) => [name, component] as const),
    ),
  )('%s is %s', (name, component) => {
    const layer = /\.0\.|^h\.0\./.test(name) ? { layer: 0 } : {};
    expect(componentOf({ name, ...layer })).toBe(component);
  });

  test('of a block that has no known part is other', () => {
    expect(componentOf({ name: 'model.layers.3.gate.weight', layer: 3 })).toBe('other');
  });
});
