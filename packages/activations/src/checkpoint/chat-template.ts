import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import type { ChatTemplate, ChatTurn } from '@feedprint/core';
import { z } from 'zod';
import { TemplateRefusal, compileJinja } from './jinja.ts';
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
 * A conversation as the text that a model was tuned on, by the template of its folder. Throws `checkpoint-unsupported`
 * for a model without a template, and what its template throws.
 */
export function applyChatTemplate(
  folder: string,
  messages: readonly ChatTurn[],
  { template = 'default', ...options }: ChatOptions = {},
): string {
  return openChatTemplate(folder, { template }).render(messages, options);
}

/** Which template to open. */
export interface TemplateChoice {
  /** Which of several templates to use: `default`, `tool_use`. */
  readonly template?: string;
  /** A template to use instead of the folder's own; special tokens are still the folder's. */
  readonly source?: string | undefined;
}

/**
 * The Jinja template of a model's folder: `chat_template.jinja`, else `chat_template` of `tokenizer_config.json`. The
 * text itself contains the special tokens. Throws `checkpoint-unsupported` for a model without a template,
 * `checkpoint-invalid` for a faulty config.
 */
export function openChatTemplate(
  folder: string,
  { template = 'default', ...choice }: TemplateChoice = {},
): ChatTemplate {
  const config = configOf(folder);
  const source = choice.source ?? templateOf(folder, config.chat_template ?? undefined, template);
  const asksForTime = /\bstrftime_now\s+is\s+(not\s+)?(defined|undefined)\b/.test(source);
  const tokens = specials.flatMap((name) => {
    const value = config[name] ?? undefined;
    const text = typeof value === 'object' ? value.content : value;
    return text === undefined ? [] : [[name, text] as const];
  });
  let compiled: ReturnType<typeof compileJinja> | undefined;
  return {
    fingerprint: createHash('sha256')
      .update(JSON.stringify([source, tokens]))
      .digest('hex'),
    render: (turns, { addGenerationPrompt = false, ...options } = {}) => {
      const now = options.now ?? (asksForTime ? undefined : new Date());
      const values = {
        messages: turns,
        add_generation_prompt: addGenerationPrompt,
        tools: null,
        documents: null,
        ...Object.fromEntries(tokens),
      };
      try {
        compiled ??= compileJinja(source);
        return compiled(values, now);
      } catch (cause) {
        throw refusal(folder, cause);
      }
    },
  };
}

/** The template of a model's folder, if it has one, or another for its tokens. Throws what `openChatTemplate` throws. */
export const findChatTemplate = (folder: string, source?: string): ChatTemplate | undefined =>
  source === undefined &&
  !existsSync(join(folder, 'chat_template.jinja')) &&
  !configOf(folder).chat_template
    ? undefined
    : openChatTemplate(folder, { source });

function configOf(folder: string): z.infer<typeof configSchema> {
  const path = join(folder, 'tokenizer_config.json');
  const parsed = configSchema.safeParse(existsSync(path) ? readJson(path) : {});
  if (parsed.success) return parsed.data;
  throw faulty(path, z.prettifyError(parsed.error).replaceAll(/\s+/g, ' '));
}

function refusal(folder: string, cause: unknown): FeedprintError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!(cause instanceof TemplateRefusal)) return faulty(folder, message, cause);
  return new FeedprintError({
    code: 'texts-invalid',
    message: `the chat template of ${folder} refuses the conversation: ${message}`,
    remedy: 'write the messages as the template requires',
    cause,
  });
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
