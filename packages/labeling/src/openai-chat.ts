import type { ChatMessage, ChatModel } from '@feedprint/core';
import { FeedprintError } from '@feedprint/core';
import OpenAI from 'openai';
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import { z } from 'zod';
import { parseAnswer } from './parse-answer.ts';
import { refusedParameter, toServiceError } from './service-errors.ts';
import { createSafeFetch } from './service-fetch.ts';
import { parseServiceAddress, resolveKey } from './service-settings.ts';

export interface OpenAIChatOptions {
  /** The server's name for the model: `gpt-4.1-mini`. */
  readonly model: string;
  /** Where an OpenAI-compatible server listens. Default `https://api.openai.com/v1`. */
  readonly baseURL?: string;
  /** Default: the environment variable OPENAI_API_KEY when this function is called. Not needed by a server on loopback. */
  readonly apiKey?: string;
  /** Default: Node's own, which knows no proxies. */
  readonly fetch?: typeof fetch;
  /** How often a request is repeated after 408, 409, 429, 5xx and failed connections. Default 4. */
  readonly maxRetries?: number;
  /** For one attempt, including the body of its answer. Default 60,000. */
  readonly timeoutMs?: number;
  /** Default 0. */
  readonly temperature?: number;
  /** Asks servers that support it for repeatable sampling. */
  readonly seed?: number;
}

const settingsSchema = z.object({
  model: z.string().min(1),
  maxRetries: z.int().min(0).default(4),
  timeoutMs: z.int().min(1).max(2_147_483_647).default(60_000),
  temperature: z.number().min(0).default(0),
  seed: z.int().optional(),
});

/** The text of an answer that comes in parts; thoughts and other parts do not belong to it. */
const partsSchema = z
  .array(z.looseObject({ type: z.string().optional(), text: z.string().optional() }))
  .transform((parts) =>
    parts
      .filter(({ type = 'text' }) => type === 'text' || type === 'output_text')
      .map(({ text = '' }) => text)
      .join(''),
  );

/** The part of a chat completion that is used. */
const completionSchema = z.object({
  choices: z.tuple(
    [z.object({ message: z.object({ content: z.union([z.string(), partsSchema]).nullish() }) })],
    z.unknown(),
  ),
});

type Body = ChatCompletionCreateParamsNonStreaming;

/**
 * A chat model behind OpenAI's API or a server that speaks it.
 *
 * Asks for JSON of the schema (`response_format`), reads the answer loosely, and if it does not fit, asks once more, saying
 * what was wrong. `response_format`, `temperature` and `seed` are left out from then on if the server refuses them, by name
 * or in words. An answer may come in parts, after thoughts, or as an error under status 200. Throws `service-failed` for a
 * missing key and failing requests, `config-invalid` for unusable options. The key is in no message, cause or log.
 */
export function createOpenAIChat(options: OpenAIChatOptions): ChatModel {
  const parsed = settingsSchema.safeParse(options);
  if (!parsed.success) {
    throw new FeedprintError({
      code: 'config-invalid',
      message: `the chat model's options are invalid: ${z.prettifyError(parsed.error)}`,
      remedy: 'correct them',
    });
  }
  const { model, maxRetries, timeoutMs, temperature, seed } = parsed.data;
  const address = parseServiceAddress(options.baseURL);
  const key = resolveKey(options.apiKey, address);
  const client = new OpenAI({
    // The client insists on a key; without one, the header is left out below.
    apiKey: key ?? 'none',
    adminAPIKey: null,
    baseURL: address.url,
    ...(address.official ? {} : { organization: null, project: null }),
    ...(key === undefined ? { defaultHeaders: { Authorization: null } } : {}),
    fetch: createSafeFetch(options.fetch ?? fetch, timeoutMs),
    logLevel: 'off',
    maxRetries,
    timeout: timeoutMs,
  });
  const context = { model, host: address.host, key, maxRetries, timeoutMs };
  const unsupported = new Set<string>();

  /** One answer's text, first without the parameters that the server refused before. */
  async function request(body: Body): Promise<string> {
    const refused = new Set(unsupported);
    for (;;) {
      const sent = omit(body, refused);
      let response: unknown;
      try {
        response = await client.chat.completions.create(sent);
      } catch (error) {
        const parameter = refusedParameter(error, sent);
        if (parameter === undefined) throw toServiceError(error, context);
        refused.add(parameter);
        continue;
      }
      // Only a request that succeeded without a parameter shows that the parameter was the problem.
      for (const parameter of refused) unsupported.add(parameter);
      const completion = completionSchema.safeParse(response);
      if (completion.success) return completion.data.choices[0].message.content ?? '';
      throw new FeedprintError({
        code: 'service-failed',
        message: `${address.host} answered with something that is not a chat completion`,
        remedy: 'check that baseURL is the root of an OpenAI-compatible API (it often ends in /v1)',
      });
    }
  }

  return {
    name: model,
    complete: async (messages, schema) => {
      const body = (asked: readonly ChatMessage[]): Body => ({
        model,
        messages: asked.map(({ role, content }) => ({ role, content })),
        temperature,
        ...(seed === undefined ? {} : { seed }),
        ...responseFormat(schema),
      });
      const text = await request(body(messages));
      const first = parseAnswer(text, schema);
      if (first.ok) return first.value;
      const retry = await request(
        body([
          ...messages,
          { role: 'assistant', content: text },
          {
            role: 'user',
            content: `This answer cannot be used: ${first.problem}\nAnswer again, with the JSON alone.`,
          },
        ]),
      );
      const second = parseAnswer(retry, schema);
      return second.ok ? second.value : undefined;
    },
  };
}

function omit(body: Body, names: ReadonlySet<string>): Body {
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => !names.has(name)),
  ) as unknown as Body;
}

/** Structured output for schemas of objects; nothing for those that JSON Schema cannot express. */
function responseFormat(schema: z.ZodType): Pick<Body, 'response_format'> {
  let jsonSchema: Record<string, unknown>;
  try {
    jsonSchema = { ...z.toJSONSchema(schema) };
  } catch {
    return {};
  }
  if (jsonSchema['type'] !== 'object') return {};
  return {
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'answer', strict: true, schema: jsonSchema },
    },
  };
}
