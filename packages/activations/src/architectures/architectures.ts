import { FeedprintError } from '@feedprint/core';
import { z } from 'zod';
import { ConfigProblem } from './architecture.ts';
import type { Architecture } from './architecture.ts';
import type { Decoder } from './decoder.ts';
import { gemma } from './gemma.ts';
import { gemma2 } from './gemma2.ts';
import { gemma3, gemma3Text } from './gemma3.ts';
import { gptJ } from './gptj.ts';
import { gptNeo } from './gpt-neo.ts';
import { gptNeoX } from './gpt-neox.ts';
import { gpt2 } from './gpt2.ts';
import { llama } from './llama.ts';
import { mistral } from './mistral.ts';
import { phi3 } from './phi3.ts';
import { qwen2 } from './qwen2.ts';
import { qwen3 } from './qwen3.ts';

const architectures: Readonly<Record<string, Architecture>> = {
  gpt_neox: gptNeoX,
  gpt_neo: gptNeo,
  gpt2,
  gptj: gptJ,
  llama,
  mistral,
  qwen2,
  qwen3,
  phi3,
  gemma,
  gemma2,
  gemma3,
  gemma3_text: gemma3Text,
};

/** Architectures that can be loaded, as `model_type` names them. */
export const knownArchitectures: readonly string[] = Object.keys(architectures);

/**
 * The decoder that a `config.json` describes; `source` is where it was read from, for errors. Throws
 * `checkpoint-unsupported` for other architectures and settings, `checkpoint-invalid` for a config that does not fit
 * its architecture.
 */
export function describeDecoder(
  config: Readonly<Record<string, unknown>>,
  source: string,
): Decoder {
  const type = config.model_type;
  const architecture =
    typeof type === 'string' && Object.hasOwn(architectures, type)
      ? architectures[type]
      : undefined;
  if (!architecture) {
    throw new FeedprintError({
      code: 'checkpoint-unsupported',
      message: `${source} names the architecture ${JSON.stringify(type) ?? 'nowhere'}`,
      remedy: `use a checkpoint of one of these: ${knownArchitectures.join(', ')}`,
    });
  }
  try {
    return architecture.describe(config);
  } catch (error) {
    if (error instanceof ConfigProblem) {
      const { code, message, remedy } = error;
      throw new FeedprintError({ code, message: `${source} ${message}`, remedy });
    }
    if (!(error instanceof z.ZodError)) throw error;
    throw new FeedprintError({
      code: 'checkpoint-invalid',
      message: `${source} does not fit ${String(type)}: ${z.prettifyError(error).replaceAll(/\s+/g, ' ')}`,
      remedy: 'use the config.json that belongs to the weights',
    });
  }
}
