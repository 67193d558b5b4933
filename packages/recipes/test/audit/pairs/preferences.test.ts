import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { PairRecord } from '@feedprint/feedback';
import type { PairProbeInput, PreferenceInput } from '@feedprint/probe';
import { readParquet } from '@feedprint/pipeline';
import { hashTree, temporaryFolder } from '../../temporary-folder.ts';
import { createFakeModel, idOf, pushed } from '../support/fake-model.ts';
import { createFakeParts } from '../support/fake-parts.ts';
import { analysed } from '../support/fake-preferences.ts';
import { runAudit } from '../support/run-audit.ts';
import type { WholeReport } from '../support/run-audit.ts';

const pairs: readonly PairRecord[] = [
  { id: 'a', split: 'train', prompt: 'the film', chosen: ' was good', rejected: ' was bad' },
  { prompt: 'the film', chosen: ' bad bad', rejected: ' good', trainedLabelAgrees: false },
  {
    split: 'test',
    prompt: 'good good good plot',
    chosen: ' nice',
    rejected: ' awful plot was sad',
  },
];

let folder: string;
let report: WholeReport;
let input: PreferenceInput;
let probed: PairProbeInput;

async function audit(
  out: string,
  records = pairs,
  withTexts = false,
): Promise<{ report: WholeReport; input: PreferenceInput }> {
  await writeFile(join(folder, 'pairs.json'), JSON.stringify(records));
  await writeFile(join(folder, 'texts.txt'), 'the plot was good\nbad film\n');
  const result = await runAudit({
    base: 'base',
    tuned: 'tuned',
    pairs: join(folder, 'pairs.json'),
    ...(withTexts && { texts: join(folder, 'texts.txt') }),
    out,
    parts: createFakeParts(),
    settings: { newTokens: 5, sampleTokens: 1000, widths: [1, 2] },
    question: 'is it about praise?',
    version: '1.2.3',
    // Standing still: how many progress events there are depends on how busy the machine is.
    now: () => new Date(Date.UTC(2026, 0, 1)),
  });
  return { report: result.report, input: analysed.input as PreferenceInput };
}

beforeAll(async () => {
  folder = await temporaryFolder();
  ({ report, input } = await audit(join(folder, 'run')));
  probed = analysed.probed as PairProbeInput;
});

/** What tuning added to the log-probability of a word, up to the constant that all words share. */
const shift = (word: string): number => pushed[word] ?? 0;
const part = () => report.preferences as NonNullable<WholeReport['preferences']>;

describe('an audit of preference pairs', () => {
  test('takes each prompt with either reply for texts where no texts are given', () => {
    expect(report.texts).toMatchObject({ file: 'pairs.json', count: 6 });
  });

  test('reads the texts where they are given', async () => {
    const { texts, preferences } = (await audit(join(folder, 'with-texts'), pairs, true)).report;
    expect(texts).toMatchObject({ file: 'texts.txt', count: 2 });
    expect(preferences?.pairs).toBe(3);
  });

  test('measures the implied reward of the reply alone, token by token', () => {
    const [first] = input.chosen;
    expect(Array.from(first?.tokens ?? [])).toEqual([idOf('was'), idOf('good')]);
    const ratio = (t: number): number => (first?.tuned[t] as number) - (first?.base[t] as number);
    // The constant that all words share falls out of a difference of two tokens.
    expect(ratio(1) - ratio(0)).toBeCloseTo(shift('good') - shift('was'), 5);
    expect(part().contradictions.map(({ margin }) => margin > 0).length).toBe(3);
    const firstPair = part().contradictions.find(({ id }) => id === 'a');
    expect(firstPair?.margin).toBeCloseTo(shift('good') - shift('bad'), 5);
  });

  test('keeps pairs of one prompt together and names the splits', () => {
    expect(Array.from(input.prompts)).toEqual([0, 0, 1]);
    expect([...input.splits].map(([name, list]) => [name, Array.from(list)])).toEqual([
      ['train', [0]],
      ['test', [2]],
    ]);
    expect(part()).toMatchObject({ pairs: 3, prompts: 2, left: 0, truncated: 0 });
  });

  test('shows what is known about the labels apart, and nothing where nothing is known', async () => {
    expect(part().knownTruth).toMatchObject([{ split: 'all', turned: 1 }]);
    const unknown = pairs.map(({ trainedLabelAgrees: _known, ...pair }) => pair);
    const { preferences } = (await audit(join(folder, 'unknown'), unknown)).report;
    expect(preferences?.knownTruth).toBeNull();
  });

  test('numbers pairs by their rows in a file of which some were left out', async () => {
    const moved = pairs.map((pair, i) => (i === 0 ? pair : { ...pair, row: i + 1 }));
    const run = join(folder, 'moved');
    const { preferences } = (await audit(run, moved)).report;
    expect(preferences?.contradictions.map(({ pair }) => pair).sort()).toEqual([0, 2, 3]);
    const rows = await readParquet(join(run, 'tables', 'pairs.parquet'));
    expect(rows.map(({ pair }) => pair)).toEqual([0, 2, 3]);
  });

  test('writes every pair and every score as tables', async () => {
    const table = (name: string) => readParquet(join(folder, 'run', 'tables', `${name}.parquet`));
    const rows = await table('pairs');
    expect(rows.map(({ id, split, prompt }) => [id, split, prompt])).toEqual([
      ['a', 'train', 0],
      [null, null, 0],
      [null, 'test', 1],
    ]);
    expect(rows[1]).toMatchObject({ trainedLabelAgrees: false, flagged: true });
    const scores = await table('pair_scores');
    expect(scores.map(({ score }) => score)).toEqual(rows.map(({ margin }) => margin));
    expect(await table('pair_words')).toEqual([]);
    expect(await table('replies')).toEqual([]);
  });

  test('gives the same bytes again', async () => {
    const other = join(await temporaryFolder(), 'run');
    await audit(other);
    expect(await hashTree(other)).toEqual(await hashTree(join(folder, 'run')));
  });

  test('refuses to start without texts and pairs, and with pairs that leave no reply', async () => {
    const options = {
      base: 'base',
      tuned: 'tuned',
      out: join(folder, 'none'),
      parts: createFakeParts(),
      question: '',
      version: '1',
    };
    await expect(runAudit(options)).rejects.toMatchObject({ code: 'usage' });
    await writeFile(
      join(folder, 'empty.json'),
      JSON.stringify([{ prompt: 'the film', chosen: ' ', rejected: 'was' }]),
    );
    const empty = {
      ...options,
      pairs: join(folder, 'empty.json'),
      texts: join(folder, 'texts.txt'),
    };
    await expect(runAudit(empty)).rejects.toMatchObject({ code: 'texts-invalid' });
  });
});

describe("the released code's mistakes with pairs of replies", () => {
  const columns = () => probed.features.find(({ name }) => name === 'tuned activations');
  /** Units of the fake model: always 1, on positive words, on negative words, on all others. */
  const difference = (pair: number): number[] =>
    Array.from(columns()?.difference.data.slice(4 * pair, 4 * pair + 4) ?? []);

  test('mistake 11: padding is in no mean, nor are the tokens of the prompt', () => {
    // " nice" against " awful plot was sad": means over 1 and 4 tokens, whatever stands before and beside them in the batch.
    expect(difference(2)).toEqual([0, 1, -0.5, -0.5]);
    expect(difference(1)).toEqual([0, -1, 1, 0]);
  });

  test('mistake 10: replies are read after their prompt', async () => {
    const parts = createFakeParts();
    const seen: number[][] = [];
    const loadModel: typeof parts.loadModel = (name) => {
      const model = createFakeModel(name, name === 'base' ? {} : pushed);
      return Promise.resolve({
        ...model,
        run: (rows, request) => {
          seen.push(...rows.map((row) => Array.from(row)));
          return model.run(rows, request);
        },
      });
    };
    await runAudit({
      base: 'base',
      tuned: 'tuned',
      pairs: join(folder, 'pairs.json'),
      texts: join(folder, 'texts.txt'),
      out: join(folder, 'prompts'),
      parts: { ...parts, loadModel },
      settings: { newTokens: 5, sampleTokens: 1000, widths: [1, 2] },
      question: '',
      version: '1.2.3',
    });
    const ids = (text: string): string => text.split(' ').map(idOf).join(' ');
    const read = seen.map((row) => row.join(' '));
    for (const { prompt, chosen, rejected } of pairs) {
      for (const reply of [chosen, rejected]) {
        expect(read).toContain(ids(prompt + reply));
        expect(read).not.toContain(ids(reply.trim()));
      }
    }
  });
});
