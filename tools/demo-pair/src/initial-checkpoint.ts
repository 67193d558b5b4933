import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, toHalf, writeSafetensors } from '@feedprint/core';
import type { TensorToWrite } from '@feedprint/core';
import { makeFolder } from '@feedprint/core/files';
import { END } from './tokenizer-file.ts';

export type Architecture = 'gpt_neox' | 'llama';

/** How large a model is. */
export interface Size {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly context: number;
}

/** GPT-2's standard deviation of new weights. */
const DEVIATION = 0.02;

interface Described {
  readonly config: Readonly<Record<string, unknown>>;
  /** Shapes of all weights. Those with one axis are norms' weights, which are 1, or biases, which are 0; the others are drawn. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

/** Writes a checkpoint whose weights were never trained, N(0, 0.02) as GPT-2's, with its tokenizer: what pretraining starts from. */
export function writeInitialCheckpoint(
  folder: string,
  options: {
    readonly architecture: Architecture;
    readonly size: Size;
    readonly tokenizer: Readonly<Record<string, unknown>>;
    readonly seed: number;
  },
): void {
  const { architecture, size, tokenizer, seed } = options;
  const { vocab } = tokenizer['model'] as { readonly vocab: Readonly<Record<string, number>> };
  const described = describe[architecture](size, Object.keys(vocab).length);
  const random = createRandom(seed);
  const tensors: Record<string, TensorToWrite> = {};
  for (const [name, shape] of Object.entries(described.shapes)) {
    const length = shape.reduce((product, n) => product * n, 1);
    const one = random.fork(name);
    const initial = (): number => {
      if (shape.length > 1) return DEVIATION * one.normal();
      return name.endsWith('.bias') ? 0 : 1;
    };
    tensors[name] = { shape, data: Uint16Array.from({ length }, () => toHalf(initial())) };
  }
  makeFolder(folder);
  const write = (name: string, value: unknown): void => {
    writeFileSync(join(folder, name), `${JSON.stringify(value)}\n`);
  };
  const marks = { bos_token: END, eos_token: END, unk_token: END };
  write('config.json', {
    ...described.config,
    ...{ vocab_size: Object.keys(vocab).length, max_position_embeddings: size.context },
    ...{ bos_token_id: 0, eos_token_id: 0, torch_dtype: 'float16' },
  });
  write('tokenizer.json', tokenizer);
  write('special_tokens_map.json', marks);
  write('tokenizer_config.json', {
    ...{ tokenizer_class: 'PreTrainedTokenizerFast', ...marks },
    ...{ model_max_length: size.context, clean_up_tokenization_spaces: false },
  });
  writeSafetensors(join(folder, 'model.safetensors'), tensors, { format: 'pt' });
}

const describe: Readonly<Record<Architecture, (size: Size, vocabulary: number) => Described>> = {
  gpt_neox: gptNeoX,
  llama,
};

function gptNeoX({ width, layers, heads }: Size, vocabulary: number): Described {
  const shapes: Record<string, readonly number[]> = {
    'gpt_neox.embed_in.weight': [vocabulary, width],
  };
  const linear = (name: string, rows: number, columns: number): void => {
    shapes[`${name}.weight`] = [rows, columns];
    shapes[`${name}.bias`] = [rows];
  };
  const norm = (name: string): void => {
    shapes[`${name}.weight`] = [width];
    shapes[`${name}.bias`] = [width];
  };
  for (let layer = 0; layer < layers; layer++) {
    const block = `gpt_neox.layers.${layer}`;
    norm(`${block}.input_layernorm`);
    norm(`${block}.post_attention_layernorm`);
    linear(`${block}.attention.query_key_value`, 3 * width, width);
    linear(`${block}.attention.dense`, width, width);
    linear(`${block}.mlp.dense_h_to_4h`, 4 * width, width);
    linear(`${block}.mlp.dense_4h_to_h`, width, 4 * width);
  }
  norm('gpt_neox.final_layer_norm');
  shapes['embed_out.weight'] = [vocabulary, width];
  return {
    shapes,
    config: {
      ...{ architectures: ['GPTNeoXForCausalLM'], model_type: 'gpt_neox' },
      ...{ hidden_size: width, num_hidden_layers: layers, num_attention_heads: heads },
      ...{ intermediate_size: 4 * width, hidden_act: 'gelu', layer_norm_eps: 1e-5 },
      ...{ rotary_pct: 0.25, rotary_emb_base: 10_000, use_parallel_residual: true },
      ...{ attention_bias: true, tie_word_embeddings: false },
    },
  };
}

/** With half as many heads for keys and values, and the head tied to the embeddings. */
function llama({ width, layers, heads }: Size, vocabulary: number): Described {
  const [headSize, keyValueHeads] = [width / heads, heads / 2];
  const inner = Math.round((8 * width) / 3);
  const shapes: Record<string, readonly number[]> = {
    'model.embed_tokens.weight': [vocabulary, width],
    'model.norm.weight': [width],
  };
  for (let layer = 0; layer < layers; layer++) {
    const block = `model.layers.${layer}`;
    Object.assign(shapes, {
      [`${block}.input_layernorm.weight`]: [width],
      [`${block}.post_attention_layernorm.weight`]: [width],
      [`${block}.self_attn.q_proj.weight`]: [width, width],
      [`${block}.self_attn.k_proj.weight`]: [keyValueHeads * headSize, width],
      [`${block}.self_attn.v_proj.weight`]: [keyValueHeads * headSize, width],
      [`${block}.self_attn.o_proj.weight`]: [width, width],
      [`${block}.mlp.gate_proj.weight`]: [inner, width],
      [`${block}.mlp.up_proj.weight`]: [inner, width],
      [`${block}.mlp.down_proj.weight`]: [width, inner],
    });
  }
  return {
    shapes,
    config: {
      ...{ architectures: ['LlamaForCausalLM'], model_type: 'llama' },
      ...{ hidden_size: width, num_hidden_layers: layers, num_attention_heads: heads },
      ...{ num_key_value_heads: keyValueHeads, head_dim: headSize, intermediate_size: inner },
      ...{ hidden_act: 'silu', rms_norm_eps: 1e-5, rope_theta: 10_000 },
      ...{ attention_bias: false, mlp_bias: false, tie_word_embeddings: true },
    },
  };
}
