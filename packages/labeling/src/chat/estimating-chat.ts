import type { ChatModel } from '@feedprint/core';
import { z } from 'zod';
import type { TokenUsage } from './answer-store.ts';

/** What requests would take. */
export interface CostEstimate {
  readonly requests: number;
  /** About, at three bytes per token. */
  readonly about: TokenUsage;
  /** At most, were every byte a token and every answer asked for twice and as long as it may be. */
  readonly most: TokenUsage;
}

/** Bytes per token of prompts that hold tokens, numbers and some prose. */
const bytesPerToken = 3;
/** Characters of an answer where a text is asked for. */
const proseLength = 120;

/**
 * A chat model that asks nobody: it counts what requests would take, and gives the shortest answer that fits each schema,
 * so that the steps that follow from answers are counted too.
 */
export function createEstimatingChat({ maxTokens }: { readonly maxTokens: number }): {
  readonly chat: ChatModel;
  estimate(): CostEstimate;
} {
  let requests = 0;
  const about = { input: 0, output: 0 };
  const most = { input: 0, output: 0 };
  const count = (input: string, output: string, attempts: number): void => {
    const bytes = { input: Buffer.byteLength(input), output: Buffer.byteLength(output) };
    requests++;
    about.input += Math.ceil(bytes.input / bytesPerToken);
    about.output += Math.ceil(bytes.output / bytesPerToken);
    // What is asked again repeats the answer.
    most.input += attempts * bytes.input + (attempts - 1) * maxTokens;
    most.output += attempts * maxTokens;
  };
  const chat: ChatModel = {
    name: 'estimate',
    complete: async (messages, schema) => {
      const format = z.toJSONSchema(schema, { unrepresentable: 'any' });
      // No two texts are the same, as answers would not be.
      const answer = standIn(format, `${requests} `.padEnd(proseLength, 'x'));
      count(JSON.stringify([messages, format]), JSON.stringify(answer), 2);
      const parsed = schema.safeParse(answer);
      return parsed.success ? parsed.data : undefined;
    },
    write: async (messages) => {
      // Such answers repeat what they are about.
      count(JSON.stringify(messages), messages.at(-1)?.content ?? '', 1);
      return undefined;
    },
  };
  return { chat, estimate: () => ({ requests, about: { ...about }, most: { ...most } }) };
}

type Format = z.core.JSONSchema.BaseSchema;

function standIn(format: Format, prose: string): unknown {
  if (format.enum) return format.enum[0];
  if (format.const !== undefined) return format.const;
  const [first] = format.anyOf ?? format.oneOf ?? [];
  if (first) return standIn(first as Format, prose);
  switch (format.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(format.properties ?? {}).map(([name, one]) => [
          name,
          standIn(one as Format, prose),
        ]),
      );
    case 'array':
      return Array.from({ length: format.minItems ?? 0 }, () =>
        standIn(format.items as Format, prose),
      );
    case 'number':
    case 'integer':
      return format.minimum ?? 0;
    case 'boolean':
      return false;
    case 'string':
      return prose;
    default:
      return null;
  }
}
