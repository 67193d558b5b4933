import { z } from 'zod';

/** The text of an answer that comes in parts; thoughts and other parts do not belong to it. */
const partsSchema = z
  .array(z.looseObject({ type: z.string().optional(), text: z.string().optional() }))
  .transform((parts) =>
    parts
      .filter(({ type = 'text' }) => type === 'text' || type === 'output_text')
      .map(({ text = '' }) => text)
      .join(''),
  );

const usageSchema = z
  .object({ prompt_tokens: z.number().nonnegative(), completion_tokens: z.number().nonnegative() })
  .transform(({ prompt_tokens, completion_tokens }) => ({
    input: prompt_tokens,
    output: completion_tokens,
  }))
  .optional()
  .catch(undefined);

/** Tokens with the likeliest ones in their places; none where a server gives the written ones alone. */
const logprobsSchema = z
  .object({
    content: z.array(
      z.object({
        token: z.string(),
        top_logprobs: z.array(z.object({ token: z.string(), logprob: z.number() })).min(1),
      }),
    ),
  })
  .transform(({ content }) =>
    content.map(({ token, top_logprobs }) => ({
      token,
      likely: top_logprobs.map(({ token: other, logprob }) => ({
        token: other,
        logProbability: logprob,
      })),
    })),
  )
  .optional()
  .catch(undefined);

const choiceSchema = z.object({
  finish_reason: z.unknown().optional(),
  logprobs: logprobsSchema,
  message: z.object({ content: z.union([z.string(), partsSchema]).nullish() }),
});

/** The part of a chat completion that is used. A refusal has no content, and counts as an empty text. */
export const completionSchema = z
  .object({ choices: z.tuple([choiceSchema], z.unknown()), usage: usageSchema })
  .transform(({ choices: [{ message, finish_reason, logprobs }], usage }) => ({
    text: message.content ?? '',
    tokens: logprobs,
    cutOff: finish_reason === 'length' ? (true as const) : undefined,
    usage,
  }));
