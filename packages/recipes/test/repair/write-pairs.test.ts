import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readPreferencePairs } from '@feedprint/feedback';
import { assertNew, pairRow, writeLines } from '../../src/repair/write-pairs.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Files of several layouts: what is read of them must be read again from what a repair writes. */
const layouts = {
  'texts with a prompt': [
    { id: 7, split: 'train', prompt: 'The film', chosen: ' was good', rejected: ' was bad' },
  ],
  'without a prompt': [{ prompt: '', chosen: 'good', rejected: 'bad' }],
  dialogues: [
    {
      chosen: '\n\nHuman: Hi\n\nAssistant: Hello there',
      rejected: '\n\nHuman: Hi\n\nAssistant: Go away',
    },
  ],
  conversations: [
    {
      prompt: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Hi' },
      ],
      chosen: [{ role: 'assistant', content: 'Hello' }],
      rejected: [{ role: 'assistant', content: 'No' }],
    },
  ],
  'a winner': [
    { prompt: 'Hi', response_A: 'Hello', response_B: 'No', label: 0 },
    { prompt: 'Hi again', response_A: 'Hello', response_B: 'No', label: 1 },
  ],
};

test.each(Object.entries(layouts))('pairs as %s are read again as they were', async (_, rows) => {
  const folder = await temporaryFolder();
  const [given, written] = [join(folder, 'given.jsonl'), join(folder, 'new', 'written.jsonl.gz')];
  writeFileSync(given, rows.map((row) => JSON.stringify(row)).join('\n'));
  const { pairs } = await readPreferencePairs(given);
  await writeLines(written, pairs.map(pairRow));
  const again = await readPreferencePairs(written);
  const texts = (of: typeof pairs) =>
    of.map(({ id, split, prompt, chosen, rejected, turns }) => ({
      ...{ id, split, prompt, chosen, rejected, turns },
    }));
  expect(texts(again.pairs)).toEqual(texts(pairs));
  expect(() => assertNew(written)).toThrow('is there already');
  const bytes = readFileSync(written);
  await writeLines(written, pairs.map(pairRow));
  expect(readFileSync(written).equals(bytes)).toBe(true);
});
