import { z } from 'zod';
import type { Decoder } from './decoder.ts';

/** Reads a `config.json` of one `model_type`, and describes what to build from it. */
export interface Architecture {
  /** Throws a `ZodError` or `ConfigProblem`. */
  describe(config: Readonly<Record<string, unknown>>): Decoder;
}

/** An architecture from the schema of its config, defaults filled in as `transformers` does, and its model card. */
export const defineArchitecture = <T extends z.ZodType>(
  schema: T,
  describe: (config: z.infer<T>) => Omit<Decoder, 'labels'>,
): Architecture => ({
  describe: (config) => {
    if (config.quantization_config) {
      throw unsupported(
        'quantized weights',
        'use the checkpoint that they were made from, in f32, f16 or bf16',
      );
    }
    return withLabels(describe(schema.parse(config)), config);
  },
});

/** What is wrong with a config, before it is known which file it came from. */
export class ConfigProblem extends Error {
  readonly code: 'checkpoint-invalid' | 'checkpoint-unsupported';
  readonly remedy: string;

  constructor(code: ConfigProblem['code'], message: string, remedy: string) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}

/** A setting that is understood but cannot be computed. */
export const unsupported = (what: string, remedy: string): ConfigProblem =>
  new ConfigProblem('checkpoint-unsupported', `asks for ${what}`, remedy);

const classifier = z.object({
  architectures: z.array(z.string()).nullish(),
  id2label: z.record(z.string(), z.string()).optional(),
  num_labels: z.int().positive().optional(),
});

/** Heads that give neither next-token logits nor scores of a text. */
const otherHeads = /For(TokenClassification|QuestionAnswering|MultipleChoice)$/;

/** A `...ForSequenceClassification` checkpoint gives scores of its labels where language models give logits. */
function withLabels(
  decoder: Omit<Decoder, 'labels'>,
  config: Readonly<Record<string, unknown>>,
): Decoder {
  const { architectures, id2label, num_labels: count } = classifier.parse(config);
  const other = architectures?.find((name) => otherHeads.test(name));
  if (other) {
    throw unsupported(`the head of a ${other}`, 'use a language model or a sequence classifier');
  }
  if (!architectures?.some((name) => name.endsWith('ForSequenceClassification'))) return decoder;
  const names = id2label ? Object.values(id2label) : undefined;
  return asClassifier(decoder, names ?? numberedLabels(count ?? 2));
}

/** The decoder with the head of a sequence classifier in place of its own. */
export const asClassifier = (decoder: Decoder, labels: readonly string[]): Decoder => ({
  ...decoder,
  labels,
  head: { weight: scoreWeight },
});

/** Name of the weight of every sequence classifier's head. */
export const scoreWeight = 'score.weight';

export const numberedLabels = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `LABEL_${i}`);
