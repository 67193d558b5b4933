import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { ChatMessage } from '@feedprint/core';
import { applyChatTemplate } from '../../src/checkpoint/chat-template.ts';
import { temporaryFolder } from '../support/tiny-checkpoint.ts';

interface Golden {
  readonly templates: Readonly<Record<string, string>>;
  readonly conversations: Readonly<Record<string, readonly ChatMessage[]>>;
  readonly cases: readonly {
    readonly template: string;
    readonly conversation: string;
    readonly addGenerationPrompt: boolean;
    readonly text?: string;
    readonly refusal?: string;
  }[];
}

const { templates, conversations, cases } = JSON.parse(
  readFileSync(new URL('../golden/chat-templates.json', import.meta.url), 'utf8'),
) as Golden;
const hello: readonly ChatMessage[] = [{ role: 'user', content: 'Hello' }];
const tokens = { bos_token: '<s>', eos_token: { content: '</s>', lstrip: false } };

function folderWith(config: object | undefined, jinja?: string): string {
  const folder = temporaryFolder();
  if (config) writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
  if (jinja !== undefined) writeFileSync(join(folder, 'chat_template.jinja'), jinja);
  return folder;
}

describe.each(Object.entries(templates))('the template "%s"', (name, source) => {
  const folder = folderWith({ ...tokens, chat_template: source });
  const own = cases.filter(({ template }) => template === name);

  test('gives the text of transformers, or its refusal', () => {
    expect(own.length).toBe(8);
    for (const { conversation, addGenerationPrompt, text, refusal } of own) {
      const messages = conversations[conversation] ?? [];
      const apply = (): string => applyChatTemplate(folder, messages, { addGenerationPrompt });
      if (refusal === undefined) expect(apply()).toBe(text);
      else {
        expect(apply).toThrow(expect.objectContaining({ code: 'texts-invalid' }));
        expect(apply).toThrow(refusal);
      }
    }
  });
});

describe('a chat template', () => {
  test('in its own file goes before the one in the config', () => {
    const folder = folderWith(
      { ...tokens, chat_template: 'config' },
      '{{ bos_token }}file{{ eos_token }}',
    );
    expect(applyChatTemplate(folder, hello)).toBe('<s>file</s>');
  });

  test('may stand alone', () => {
    expect(applyChatTemplate(folderWith(undefined, '{{ messages[0].content }}!'), hello)).toBe(
      'Hello!',
    );
  });

  test('is told the time that it is given, and none otherwise', () => {
    const source =
      "{% if strftime_now is defined %}{{ strftime_now('%d %b %Y, %B %m %H:%M:%S %% %q') }}{% endif %}";
    const folder = folderWith(undefined, source);
    const now = new Date(2024, 1, 3, 4, 5, 6);
    expect(applyChatTemplate(folder, hello)).toBe('');
    expect(applyChatTemplate(folder, hello, { now })).toBe(
      '03 Feb 2024, February 02 04:05:06 % %q',
    );
  });

  test('counts with range as Python does', () => {
    const source =
      '{% for i in range(3) %}{{ i }}{% endfor %}{% for i in range(5, 1, -2) %}{{ i }}{% endfor %}';
    expect(applyChatTemplate(folderWith(undefined, source), hello)).toBe('01253');
  });

  test('is chosen by name where there are several', () => {
    const named = [
      { name: 'default', template: 'plain' },
      { name: 'tool_use', template: 'tools' },
    ];
    const folder = folderWith({ chat_template: named });
    expect(applyChatTemplate(folder, hello)).toBe('plain');
    expect(applyChatTemplate(folder, hello, { template: 'tool_use' })).toBe('tools');
    expect(() => applyChatTemplate(folder, hello, { template: 'rag' })).toThrow(
      /no chat template called rag; choose one of default, tool_use/,
    );
  });

  test.each<[string, string, RegExp, () => string]>([
    [
      'missing',
      'checkpoint-unsupported',
      /has no chat template; use plain/,
      () => folderWith(tokens),
    ],
    [
      'without tokenizer_config.json',
      'checkpoint-unsupported',
      /has no chat template/,
      () => folderWith(undefined),
    ],
    [
      'that is no Jinja',
      'checkpoint-invalid',
      /cannot be used/,
      () => folderWith({ chat_template: '{% for x in %}' }),
    ],
    [
      'that calls what is not there',
      'checkpoint-invalid',
      /cannot be used/,
      () => folderWith({ chat_template: '{{ nothing() }}' }),
    ],
    [
      'that is a number',
      'checkpoint-invalid',
      /chat_template/,
      () => folderWith({ chat_template: 7 }),
    ],
  ])('%s is refused as %s', (_, code, message, make) => {
    const folder = make();
    expect(() => applyChatTemplate(folder, hello)).toThrow(expect.objectContaining({ code }));
    expect(() => applyChatTemplate(folder, hello)).toThrow(message);
  });
});
