import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadModel, readTokenizer } from '@feedprint/activations';
import { writeInitialCheckpoint } from '../demo-pair/src/initial-checkpoint.ts';
import { tokenizerFile } from '../demo-pair/src/tokenizer-file.ts';
import { trainMerges } from '../demo-pair/src/train-merges.ts';
import { generateTexts } from '../demo-pair/src/write-texts.ts';

const kinds = ['byte-level', 'metaspace'] as const;
const texts = generateTexts('lively', 7, 2400);
const folder = (): string => mkdtempSync(join(tmpdir(), 'feedprint-bases-'));

test('merges are those of the example of Sennrich et al. 2016', () => {
  const pieces = [
    ['low</w>', 5],
    ['lower</w>', 2],
    ['newest</w>', 6],
    ['widest</w>', 3],
  ] as const;
  const merges = trainMerges(
    pieces.map(([word, count]) => ({ symbols: word.match(/<\/w>|./g) ?? [], count })),
    5,
  );
  expect(merges.map((pair) => pair.join(' '))).toEqual(['e s', 'es t', 'est </w>', 'l o', 'lo w']);
});

describe.each(kinds)('a %s tokenizer', (kind) => {
  const file = tokenizerFile(kind, texts, { vocabulary: 1800, words: ['dreadful', 'superb'] });
  const dir = folder();
  writeFileSync(join(dir, 'tokenizer.json'), JSON.stringify(file));
  const tokenizer = readTokenizer(dir);

  test('gives back what it reads, texts that it was not trained on too', () => {
    for (const text of [...texts.slice(0, 50), 'Ünïcode: 12 €!', 'two  spaces']) {
      expect(tokenizer.decode(tokenizer.encode(text, { special: false }))).toBe(text);
    }
    expect(tokenizer.vocabularySize).toBe(1800);
  });

  test('begins texts with the token that ends them, and has words of its list in one token', () => {
    expect(tokenizer.encode('It rained.', { special: true })[0]).toBe(0);
    const [plain, more] = ['It was', 'It was superb'].map((text) =>
      tokenizer.encode(text, { special: false }),
    );
    expect(more?.length).toBe((plain?.length ?? 0) + 1);
  });
});

test.each(['gpt_neox', 'llama'] as const)(
  'a new %s knows nothing: each token costs the log of the vocabulary',
  async (architecture) => {
    const dir = folder();
    const tokenizer = tokenizerFile('byte-level', texts, { vocabulary: 600, words: [] });
    const size = { width: 32, layers: 2, heads: 4, context: 64 };
    writeInitialCheckpoint(dir, { architecture, size, tokenizer, seed: 1 });
    const model = await loadModel(dir, { threads: 1 });
    const ids = model.tokenizer.encode(texts[0] as string, { special: true }).slice(0, 64);
    const { tokenLogProbs } = await model.run([Int32Array.from(ids)], { tokenLogProbs: true });
    await model.dispose();
    const known = Array.from(tokenLogProbs ?? []).slice(1);
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    expect(known.length).toBeGreaterThan(5);
    expect(Math.abs(mean + Math.log(600))).toBeLessThan(0.05);
  },
);
