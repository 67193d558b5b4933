import { readFileSync } from 'node:fs';
import { FeedprintError } from '@feedprint/core';
import type { ChatTemplate, ChatTurn, Tokenizer } from '@feedprint/core';

/** What replies answer: a plain text, or turns with their plain rendering. */
export interface Prompt {
  readonly prompt: string;
  readonly turns?: readonly ChatTurn[];
}

/** A reply as plain text, and its turns if it goes on beyond the first. */
export interface WholeReply {
  readonly reply: string;
  readonly turns?: readonly ChatTurn[];
}

/** A prompt and the replies to it as the texts that a model sees, one after the other. */
export interface WrittenReplies {
  readonly prompt: string;
  readonly replies: readonly string[];
  /** Whether the tokenizer's own tokens belong around the text; a template writes them itself. */
  readonly special: boolean;
}

/** Writes prompts and replies as texts. */
export interface ReplyWriter {
  /** Equal for writers that write the same. */
  readonly name: string;
  readonly write: (prompt: Prompt, replies: readonly WholeReply[]) => WrittenReplies;
}

/** The date told to templates that write one: that which Llama's write if they know none. */
const DATE = new Date(2024, 6, 26);

/**
 * How conversations become texts: `model`, the tokenizer's own chat template, also for plain prompts, which are then
 * what a user says; `hh`, `\n\nHuman: ... \n\nAssistant: ...`; `none`, what was said without who said it; or a file in
 * Jinja. Default: the tokenizer's template for conversations if it has one, else `hh`; plain prompts stay as they are.
 * Throws `usage` for a tokenizer without a template and for a file that cannot be read.
 */
export function createReplyWriter(tokenizer: Tokenizer, choice?: string): ReplyWriter {
  if (choice === 'hh') return plain;
  if (choice === 'none') return bare;
  const source = choice === undefined || choice === 'model' ? undefined : readTemplate(choice);
  const template = tokenizer.chatTemplate?.(source);
  if (template) return templated(template, choice !== undefined);
  if (choice === undefined) return plain;
  throw new FeedprintError({
    code: 'usage',
    message: 'the tuned model has no chat template of its own',
    remedy: 'name a file with one, or write conversations plainly (--chat-template hh)',
  });
}

function readTemplate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new FeedprintError({
      code: 'usage',
      message: `the chat template ${path} cannot be read`,
      remedy: 'name a Jinja file, or one of model, hh, none (--chat-template)',
      cause,
    });
  }
}

const plain: ReplyWriter = {
  name: 'hh',
  write: ({ prompt }, replies) => ({
    prompt,
    replies: replies.map(({ reply }) => reply),
    special: true,
  }),
};

const bare: ReplyWriter = {
  name: 'none',
  write: ({ prompt, turns }, replies) =>
    turns
      ? {
          prompt: said(turns),
          replies: replies.map((reply) => `\n\n${said(turnsOf(reply))}`),
          special: true,
        }
      : plain.write({ prompt }, replies),
};

const said = (turns: readonly ChatTurn[]): string =>
  turns.map(({ content }) => content).join('\n\n');

/**
 * The turns of prompt and reply by a template, split where the generation prompt ends: the reply takes with it what ends
 * its turn. Where a template goes on differently once there is a reply, they are split where it does.
 */
const templated = (template: ChatTemplate, alsoPlain: boolean): ReplyWriter => ({
  name: `template ${template.fingerprint}${alsoPlain ? ', also of plain prompts' : ''}`,
  write: (prompt, replies) => {
    const turns = prompt.turns ?? [{ role: 'user', content: prompt.prompt }];
    if (!prompt.turns && !alsoPlain) return plain.write(prompt, replies);
    const whole = replies.map((reply) =>
      template.render([...turns, ...turnsOf(reply)], { now: DATE }),
    );
    const start = template.render(turns, { addGenerationPrompt: true, now: DATE });
    const length = Math.min(...whole.map((text) => sharedLength(start, text)));
    return {
      prompt: start.slice(0, length),
      replies: whole.map((text) => text.slice(length)),
      special: false,
    };
  },
});

const turnsOf = ({ reply, turns }: WholeReply): readonly ChatTurn[] =>
  turns ?? [{ role: 'assistant', content: reply.replace(/^ /, '') }];

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
