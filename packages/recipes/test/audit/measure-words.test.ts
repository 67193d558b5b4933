import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditOptions } from '../../src/audit/open-audit.ts';
import { measureWords } from '../../src/audit/measure-words.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { createFakeParts } from './support/fake-parts.ts';

let folder: string;
let options: AuditOptions;

beforeAll(async () => {
  folder = await temporaryFolder();
  const texts = join(folder, 'texts.txt');
  const lines = ['the film was good', 'the plot was bad', 'nice film great plot', 'sad awful film'];
  await writeFile(texts, lines.join('\n'));
  options = {
    ...{ base: 'base', tuned: 'tuned', texts, out: join(folder, 'run') },
    parts: createFakeParts(),
    ...{ question: 'is it about praise?', version: '1.2.3' },
  };
});

describe('the words of an audit', () => {
  test('are measured without any dictionary, and again from the same run', async () => {
    const { judged, words, counts, rows, controls, seconds } = await measureWords(options);
    expect([...seconds.keys()].filter((stage) => stage.startsWith('sae'))).toEqual([]);
    expect(judged.words.map(({ token }) => token)).toEqual(words.map(({ token }) => token));
    expect([counts.base.rows, counts.base.columns]).toEqual([rows.length, words.length]);
    for (const { estimates } of controls) expect(estimates).toHaveLength(words.length);
    const again = await measureWords(options);
    expect(again.judged).toEqual(judged);
  });

  test('can be judged against anything else that might have been stated of them', async () => {
    const { judged, words, judgeAgainst } = await measureWords(options);
    const stated = words.map((word) => word.stated);
    expect(judgeAgainst(stated).words).toEqual(judged.words);
    const negated = judgeAgainst(stated.map((value) => -value));
    expect(negated.words.map((word) => word.stated)).toEqual(stated.map((value) => -value));
    // The fake parts score what goes against the stated sign.
    expect(negated.words.map(({ score }) => score)).toEqual(
      judged.words.map(({ score }) => -score),
    );
  });

  test('need a main estimator that reads probabilities', async () => {
    const [main, ...rest] = createFakeParts().estimators;
    const reading = { ...main, reads: 'features' } as unknown as NonNullable<typeof main>;
    const parts = { ...createFakeParts(), estimators: [reading, ...rest] };
    await expect(
      measureWords({ ...options, out: join(folder, 'other'), parts }),
    ).rejects.toMatchObject({ code: 'config-invalid' });
  });
});
