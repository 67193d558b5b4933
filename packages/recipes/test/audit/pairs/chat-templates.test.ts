import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readTokenizer } from '@feedprint/activations';
import type { ChatTurn, PreferencePair, Tokenizer } from '@feedprint/core';
import { createReplyEncoder } from '../../../src/encode-pair.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

interface Golden {
  readonly tokenizer: object;
  readonly templates: Readonly<Record<string, string>>;
  readonly pairs: Readonly<
    Record<
      string,
      { readonly turns: ChatTurn[]; readonly chosen: string; readonly rejected: string }
    >
  >;
  readonly cases: readonly {
    readonly template: string;
    readonly pair: string;
    readonly prompt: readonly number[];
    readonly chosen: readonly number[];
    readonly rejected: readonly number[];
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL('../../golden/pair-templates.json', import.meta.url), 'utf8'),
) as Golden;

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(golden.tokenizer));
});

/** The tokenizer of a model whose folder has this template, or none. */
function tokenizerWith(template?: string): Tokenizer {
  const config = { bos_token: '<s>', eos_token: '</s>', chat_template: template };
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
  return readTokenizer(folder);
}

const pairOf = (name: string): PreferencePair => {
  const { turns, chosen, rejected } = golden.pairs[name] as (typeof golden.pairs)[string];
  return { prompt: 'not used', turns, chosen: ` ${chosen}`, rejected: ` ${rejected}` };
};

const shared = (...rows: readonly (readonly number[])[]): number => {
  let length = 0;
  const [first = []] = rows;
  while (length < first.length && rows.every((row) => row[length] === first[length])) length++;
  return length;
};

describe.each(golden.cases)(
  'by the template "$template", the pair "$pair"',
  ({ template, pair, prompt, chosen, rejected }) => {
    const encode = (choice?: string, contextLength = 200) =>
      createReplyEncoder({
        tokenizer: tokenizerWith(golden.templates[template]),
        contextLength,
        chatTemplate: choice,
      }).encodePair(pairOf(pair), 0);

    test('has the token ids of transformers, and both replies begin where they part from the prompt', () => {
      const encoded = encode();
      expect(Array.from(encoded?.chosen.row ?? [])).toEqual(chosen);
      expect(Array.from(encoded?.rejected.row ?? [])).toEqual(rejected);
      const start = Math.min(shared(prompt, chosen), shared(prompt, rejected));
      expect([encoded?.chosen.start, encoded?.rejected.start]).toEqual([start, start]);
      // The prompt as a template writes it, but for what it writes otherwise once there is a reply.
      if (template === 'turns') expect(start).toBe(prompt.length);
      expect(encode('model')).toEqual(encoded);
    });

    test('loses the beginning of the prompt where it is long, and no token of the replies', () => {
      const whole = encode();
      const length = Math.max(chosen.length, rejected.length) - 2;
      const cut = encode(undefined, length);
      expect(cut?.truncated).toBe(true);
      expect(cut?.chosen.row).toEqual(whole?.chosen.row.slice(2));
      expect(cut?.rejected.row).toEqual(whole?.rejected.row.slice(2));
      expect(cut?.chosen.start).toBe((whole?.chosen.start ?? 0) - 2);
    });
  },
);

const textsOf = (tokenizer: Tokenizer, pair: PreferencePair, chatTemplate?: string) => {
  const encoder = createReplyEncoder({ tokenizer, contextLength: 500, chatTemplate });
  const { row, start } = encoder.encodePair(pair, 0)?.chosen ?? { row: new Int32Array(), start: 0 };
  const text = (ids: Int32Array): string =>
    ids.reduce((all, id) => all + tokenizer.tokenText(id), '');
  return [text(row.slice(0, start)), text(row.slice(start))];
};

const chat: PreferencePair = {
  prompt: '\n\nHuman: Name a colour.\n\nAssistant:',
  turns: [{ role: 'user', content: 'Name a colour.' }],
  chosen: ' Blue.',
  rejected: ' No.',
};
const plainPair: PreferencePair = { prompt: 'Blue is', chosen: ' good', rejected: ' bad' };
const turnsTemplate = golden.templates['turns'] as string;

test('without a template of the model, conversations are dialogues', () => {
  const tokenizer = tokenizerWith();
  expect(textsOf(tokenizer, chat)).toEqual([chat.prompt, ' Blue.']);
  expect(textsOf(tokenizer, plainPair)).toEqual(['Blue is', ' good']);
  expect(() => textsOf(tokenizer, chat, 'model')).toThrow(/has no chat template of its own/);
});

test('a plain prompt is what a user says only where a template is asked for', () => {
  const tokenizer = tokenizerWith(turnsTemplate);
  const asked = [
    '<|im_start|>user\nBlue is<|im_end|>\n<|im_start|>assistant\n',
    'good<|im_end|>\n',
  ];
  expect(textsOf(tokenizer, plainPair)).toEqual(['Blue is', ' good']);
  expect(textsOf(tokenizer, plainPair, 'model')).toEqual(asked);
  expect(textsOf(tokenizer, chat, 'hh')).toEqual([chat.prompt, ' Blue.']);
  expect(textsOf(tokenizer, chat, 'none')).toEqual(['Name a colour.', '\n\nBlue.']);
});

test('a template may be a file; turns after a reply belong to it', () => {
  const path = join(folder, 'own.jinja');
  writeFileSync(
    path,
    '{% for m in messages %}<{{ m.role }}>{{ m.content }}{{ eos_token }}{% endfor %}',
  );
  const tokenizer = tokenizerWith(turnsTemplate);
  const turns = [
    { role: 'assistant', content: 'Blue.' },
    { role: 'user', content: 'Why?' },
    { role: 'assistant', content: 'Red.' },
  ];
  const longer = { ...chat, replyTurns: { chosen: turns, rejected: turns.slice(0, 1) } };
  expect(textsOf(tokenizer, longer, path)).toEqual([
    '<user>Name a colour.</s>',
    '<assistant>Blue.</s><user>Why?</s><assistant>Red.</s>',
  ]);
  expect(() => textsOf(tokenizer, chat, join(folder, 'none.jinja'))).toThrow(/cannot be read/);
});
