import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { z } from 'zod';

const gptNeoX = z.object({
  model_type: z.literal('gpt_neox'),
  hidden_size: z.int().positive(),
  num_hidden_layers: z.int().positive(),
  num_attention_heads: z.int().positive(),
  intermediate_size: z.int().positive(),
  vocab_size: z.int().positive(),
  max_position_embeddings: z.int().positive(),
  hidden_act: z.enum(['gelu', 'gelu_new', 'gelu_fast', 'gelu_pytorch_tanh']).default('gelu'),
  rotary_pct: z.number().positive().max(1).default(0.25),
  rotary_emb_base: z.number().positive().optional(),
  rope_theta: z.number().positive().optional(),
  layer_norm_eps: z.number().positive().default(1e-5),
  use_parallel_residual: z.boolean().default(true),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(true),
  /** Where `transformers` 5 writes what the three rotary settings above said. */
  rope_parameters: z
    .object({
      rope_type: z.string().default('default'),
      rope_theta: z.number().positive().optional(),
      partial_rotary_factor: z.number().positive().max(1).optional(),
    })
    .nullish(),
  rope_scaling: z.unknown().optional(),
});

/** What `config.json` of a GPT-NeoX checkpoint says, defaults filled in as `transformers` does. */
export type GptNeoXConfig = Omit<z.infer<typeof gptNeoX>, 'rope_parameters' | 'rope_scaling'>;

export type ModelConfig = GptNeoXConfig;

/** Architectures that can be loaded, as `model_type` names them. */
export const knownArchitectures = ['gpt_neox'] as const;

/** Reads `config.json` of a checkpoint folder. Throws `checkpoint-invalid` or `checkpoint-unsupported`. */
export function readConfig(folder: string): ModelConfig {
  const path = join(folder, 'config.json');
  const json = readJson(path);
  const type = z.object({ model_type: z.string() }).safeParse(json).data?.model_type;
  if (!knownArchitectures.some((known) => known === type)) {
    throw new FeedprintError({
      code: 'checkpoint-unsupported',
      message: `${path} names the architecture ${JSON.stringify(type) ?? 'nowhere'}`,
      remedy: `use a checkpoint of one of these: ${knownArchitectures.join(', ')}`,
    });
  }
  const parsed = gptNeoX.safeParse(json);
  if (!parsed.success) {
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${path} does not fit ${type}: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ')}`,
      remedy: 'use the config.json that belongs to the weights',
    });
  }
  const { rope_parameters: rope, rope_scaling: scaling, ...rest } = parsed.data;
  const config: ModelConfig = {
    ...rest,
    ...(rope?.partial_rotary_factor && { rotary_pct: rope.partial_rotary_factor }),
    ...(rope?.rope_theta && { rotary_emb_base: rope.rope_theta }),
  };
  if (config.hidden_size % config.num_attention_heads !== 0) {
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${path}: hidden_size ${config.hidden_size} cannot be split over ${config.num_attention_heads} heads`,
      remedy: 'use the config.json that belongs to the weights',
    });
  }
  const rotarySize = rotarySizeOf(config);
  if ((rope?.rope_type ?? 'default') !== 'default' || (scaling ?? null) !== null) {
    throw unsupportedRotary(path, 'scaled rotary positions');
  }
  if (rotarySize < 2 || rotarySize % 2 !== 0) {
    throw unsupportedRotary(path, `rotary positions on ${rotarySize} units a head`);
  }
  return config;
}

/** Units of each head that are rotated. */
export function rotarySizeOf(config: ModelConfig): number {
  return Math.floor((config.hidden_size / config.num_attention_heads) * config.rotary_pct);
}

const unsupportedRotary = (path: string, what: string): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-unsupported',
    message: `${path} asks for ${what}`,
    remedy: 'use a checkpoint with plain rotary positions on an even number of units',
  });

/** Parses a JSON file of a checkpoint. Throws `checkpoint-invalid`. */
export function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`,
      remedy: 'point to a checkpoint folder with config.json, tokenizer.json and model.safetensors',
      cause,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${path} is not JSON`,
      remedy: 'download or export the checkpoint again',
      cause,
    });
  }
}
