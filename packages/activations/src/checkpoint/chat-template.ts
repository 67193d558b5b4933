import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { ChatMessage } from '@feedprint/core';
import { z } from 'zod';
import { TemplateRefusal, renderJinja } from './jinja.ts';
import { readJson } from './json.ts';

export interface ChatOptions {
  /** Whether the text ends with the start of the model's answer. Default false. */
  readonly addGenerationPrompt?: boolean;
  /** Which of several templates to use: `default`, `tool_use`. */
  readonly template?: string;
  /**
   * Time given to templates that write the date. Default: none for a template that asks whether there is one, which
   * then writes a fixed date; the time of the call for a template that does not ask.
   */
  readonly now?: Date;
}

const token = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish();
const configSchema = z.looseObject({
  chat_template: z
    .union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))])
    .nullish(),
  bos_token: token,
  eos_token: token,
  unk_token: token,
  pad_token: token,
});
const specials = ['bos_token', 'eos_token', 'unk_token', 'pad_token'] as const;

/**
 * A conversation as the text that a model was tuned on, by the Jinja template of its folder: `chat_template.jinja`,
 * else `chat_template` of `tokenizer_config.json`. The text itself contains the special tokens. Throws
 * `checkpoint-unsupported` for a model without a template, `texts-invalid` for a conversation that its template
 * refuses, `checkpoint-invalid` for a faulty template.
 */
export function applyChatTemplate(
  folder: string,
  messages: readonly ChatMessage[],
  { addGenerationPrompt = false, template = 'default', ...options }: ChatOptions = {},
): string {
  const path = join(folder, 'tokenizer_config.json');
  const parsed = configSchema.safeParse(existsSync(path) ? readJson(path) : {});
  if (!parsed.success) {
    throw faulty(path, z.prettifyError(parsed.error).replaceAll(/\s+/g, ' '));
  }
  const source = templateOf(folder, parsed.data.chat_template ?? undefined, template);
  const asksForTime = /\bstrftime_now\s+is\s+(not\s+)?(defined|undefined)\b/.test(source);
  const now = options.now ?? (asksForTime ? undefined : new Date());
  const tokens = specials.flatMap((name) => {
    const value = parsed.data[name] ?? undefined;
    const text = typeof value === 'object' ? value.content : value;
    return text === undefined ? [] : [[name, text] as const];
  });
  const values = {
    messages,
    add_generation_prompt: addGenerationPrompt,
    tools: null,
    documents: null,
    ...Object.fromEntries(tokens),
  };
  try {
    return renderJinja(source, values, now);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    if (!(cause instanceof TemplateRefusal)) throw faulty(folder, message, cause);
    throw new FeedprintError({
      code: 'texts-invalid',
      message: `the chat template of ${folder} refuses the conversation: ${message}`,
      remedy: 'write the messages as the template requires',
      cause,
    });
  }
}

type Named = readonly { readonly name: string; readonly template: string }[];

function templateOf(folder: string, inConfig: string | Named | undefined, wanted: string): string {
  const path = join(folder, 'chat_template.jinja');
  if (wanted === 'default' && existsSync(path)) return readFileSync(path, 'utf8');
  if (typeof inConfig === 'string' && wanted === 'default') return inConfig;
  const named = typeof inConfig === 'object' ? inConfig : [];
  const found = named.find(({ name }) => name === wanted);
  if (found) return found.template;
  const names = named.map(({ name }) => name).join(', ');
  throw new FeedprintError({
    code: 'checkpoint-unsupported',
    message: `${folder} has no chat template${wanted === 'default' ? '' : ` called ${wanted}`}`,
    remedy: names
      ? `choose one of ${names}`
      : 'use plain texts, or a model that was tuned for conversations',
  });
}

const faulty = (where: string, problem: string, cause?: unknown): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-invalid',
    message: `the chat template of ${where} cannot be used: ${problem}`,
    remedy: 'use the template that belongs to the model',
    cause,
  });
