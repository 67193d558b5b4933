import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { encodePair } from '../../src/encode-pair.ts';
import { chatEncoder } from '../../src/finetune/chat-encoder.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { letters } from './letters.ts';

const folder = await temporaryFolder();
writeFileSync(
  join(folder, 'chat_template.jinja'),
  '{% for m in messages %}<{{ m.role[0] }}>{{ m.content }};{% endfor %}{% if add_generation_prompt %}<a>{% endif %}',
);
const encoder = chatEncoder(folder, letters);
const read = (prompt: string, chosen: string): string => {
  const pair = encodePair({ prompt, chosen, rejected: 'no' }, 0, { encoder, contextLength: 99 });
  const { row, start } = pair?.chosen ?? { row: [], start: 0 };
  const text = letters.decode(Array.from(row));
  return `${text.slice(0, start)}|${text.slice(start)}`;
};

test('a reply is the turn of the assistant, with the end that the template gives it', () => {
  expect(read('Who?', ' Me')).toBe('<u>Who?;<a>|Me;');
});

test('a dialogue becomes its turns', () => {
  const prompt =
    '\n\nSystem: Be brief.\n\nHuman: Who?\n\nAssistant: Me.\n\nHuman: Why?\n\nAssistant:';
  expect(read(prompt, ' So')).toBe('<s>Be brief.;<u>Who?;<a>Me.;<u>Why?;<a>|So;');
});
