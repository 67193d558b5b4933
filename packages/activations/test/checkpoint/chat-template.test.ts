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

  // python -c "import datetime; print(datetime.datetime(2024, 2, 3, 14, 5, 6).strftime(FORMAT))"
  const FORMAT = '%d %b %Y, %B %m %H:%M:%S %% %a %A %y %-d %I %p %e';
  const now = new Date(2024, 1, 3, 14, 5, 6);
  const told = '03 Feb 2024, February 02 14:05:06 % Sat Saturday 24 3 02 PM  3';

  test('that asks for a clock is told the time that it is given, and none otherwise', () => {
    const source = `{% if strftime_now is defined %}{{ strftime_now('${FORMAT}') }}{% endif %}`;
    const folder = folderWith(undefined, source);
    expect(applyChatTemplate(folder, hello)).toBe('');
    expect(applyChatTemplate(folder, hello, { now })).toBe(told);
  });

  test('that takes a clock for granted is told the time', () => {
    const folder = folderWith(undefined, `{{ strftime_now('${FORMAT}') }}`);
    expect(applyChatTemplate(folder, hello, { now })).toBe(told);
    const dated = folderWith(undefined, "{{ strftime_now('%Y-%m-%d %H:%M:%S') }}");
    const text = applyChatTemplate(dated, hello);
    expect(Math.abs(Date.now() - new Date(text.replace(' ', 'T')).getTime())).toBeLessThan(60_000);
  });

  test('may have the line ends of Windows, which are not in the text', () => {
    const source = '{% for m in messages %}\n<|{{ m.role }}|>\n{{ m.content }}\n{% endfor %}\n';
    const messages: ChatMessage[] = [{ role: 'user', content: 'a\r\nb' }];
    for (const folder of [
      folderWith(undefined, source.replaceAll('\n', '\r\n')),
      folderWith({ chat_template: source.replaceAll('\n', '\r\n') }),
    ]) {
      expect(applyChatTemplate(folder, messages)).toBe('<|user|>\na\r\nb\n');
    }
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
      'that writes the time in another way',
      'checkpoint-invalid',
      /it writes the time as %q/,
      () => folderWith({ chat_template: "{{ strftime_now('%q') }}" }),
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
