import { writeFileSync } from 'node:fs';
import { describe } from '@jest/globals';
import { join } from 'node:path';
import { freshPath, testRefusals } from './support/refusals.ts';

function texts(content: string | Uint8Array, extension = 'jsonl'): string {
  const file = `${freshPath()}.${extension}`;
  writeFileSync(file, content);
  return file;
}

const lines = (...all: readonly string[]): string =>
  all.map((text) => `${JSON.stringify({ text })}\n`).join('');

describe('feedprint audit, given', () => {
  testRefusals([
    {
      name: 'an empty texts file',
      flags: () => ({ texts: texts('') }),
      code: 1,
      says: /holds no text; give a file/,
    },
    {
      name: 'a texts file of blank lines',
      flags: () => ({ texts: texts(' \n\n\t\n', 'txt') }),
      code: 1,
      says: /holds no text; give a file/,
    },
    {
      name: 'texts of one token',
      flags: () => ({ texts: texts(lines('a', '', 'b')) }),
      code: 1,
      says: /no text of .* has two tokens or more; give longer texts/,
    },
    {
      name: 'texts that are not UTF-8',
      flags: () => ({ texts: texts(Buffer.from('"good"\n"b\xe4d"\n', 'latin1')) }),
      code: 1,
      says: /line 2: not UTF-8; save the file as UTF-8/,
    },
    {
      name: 'bad JSON on line 7',
      flags: () => ({ texts: texts(`${lines('a', 'b', 'c', 'd', 'e', 'f')}{"text": "g"\n`) }),
      code: 1,
      says: /line 7: not JSON; write one JSON object per line/,
    },
    {
      name: 'a line without a text',
      flags: () => ({ texts: texts('{"text": "a"}\n{"txt": "b"}\n') }),
      code: 1,
      says: /line 2: no "text" that is a string; give/,
    },
    {
      name: 'half of a gzip file',
      flags: () => ({ texts: texts(Buffer.from([0x1f, 0x8b, 8, 0, 0]), 'txt.gz') }),
      code: 1,
      says: /not a whole gzip file; compress it or load it again/,
    },
    {
      name: 'a texts file that does not exist',
      flags: () => ({ texts: join(freshPath(), 'no-texts.jsonl') }),
      code: 1,
      says: /no-texts.jsonl cannot be read \(ENOENT\); check the path/,
    },
    {
      name: 'texts without a word of the lexicon',
      flags: () => ({ texts: texts(lines('the film was a film', 'a day of the plot')) }),
      code: 1,
      says: /none of the 45 tokens that vader scores occurs in the 2 texts.*; give texts/,
    },
    {
      name: 'texts with praise only',
      flags: () => ({ texts: texts(lines('the film was good and great', 'a happy day')) }),
      code: 1,
      says: /negative/,
    },
  ]);
});
