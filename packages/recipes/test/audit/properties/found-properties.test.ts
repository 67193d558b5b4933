import { writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import type { ChatModel } from '@feedprint/core';
import { defineProperty, readPreferencePairs } from '@feedprint/feedback';
import { readParquet } from '@feedprint/pipeline';
import { judgeProperties } from '@feedprint/probe';
import type { AuditReport } from '../../../src/audit/audit-report.ts';
import { createDescribedFinder } from '../../../src/audit/properties/found/described-finder.ts';
import { createDifferenceFinder } from '../../../src/audit/properties/found/difference-finder.ts';
import type { PropertyFinder } from '../../../src/audit/properties/found/property-finder.ts';
import { runAudit } from '../../../src/audit/run-audit.ts';
import { readPairsOf } from '../../../src/questions/read-pairs-of.ts';
import { repairPairs } from '../../../src/repair/repair-pairs.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { createFakeParts } from '../support/fake-parts.ts';
import { words } from '../support/fake-model.ts';

/*
 * The fake tuned model writes "great" more often than the base and "awful" less often. The labels reward "great" and "film". Only
 * "film" and "plot" are counted: "great" and "awful" are left to be found.
 */
const says = (text: string, word: string): number => text.split(` ${word}`).length - 1;
const counting = (word: string) =>
  defineProperty({
    name: word,
    definition: `How often it says ${word}.`,
    measure: (reply) => says(reply, word),
  });

/** Finds words in the pairs at even places, whose prompts are none of the others'. */
const wordFinder: PropertyFinder = {
  ...{ name: 'planted-words', settings: {}, mostPairs: Infinity, mostReplies: 150 },
  find: async ({ pairs }) => ({
    properties: ['great', 'awful', 'film'].map(counting),
    unseen: Int32Array.from(pairs.keys()).filter((i) => pairs[i]?.prompt.endsWith('.')),
  }),
};

/** Says of a reply whether it holds the word that it is asked about. */
const judge = (name: string): ChatModel => ({
  name,
  complete: async (messages, schema) => {
    const [asked, shown] = messages.map(({ content }) => content);
    if (asked?.startsWith('You find out')) {
      return schema.parse({
        properties: [
          { name: 'calls it great', definition: 'It says great.' },
          { name: 'taste', definition: 'It has taste.' },
        ],
      });
    }
    const reply = /Reply:\n<data>\n(.*)\n/.exec(shown as string)?.[1] ?? '';
    return schema.parse({
      present: asked?.includes('great') ? reply.includes('great') : (name + reply).length % 2 === 0,
    });
  },
});

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const random = createRandom(3);
  const reply = (): string =>
    Array.from({ length: 6 }, () => ` ${words[random.integer(words.length)]}`).join('');
  const pairs = Array.from({ length: 800 }, (_, i) => {
    const [a, b] = [reply(), reply()];
    const better = (text: string): number => 1.5 * (says(text, 'great') + says(text, 'film'));
    const isFirst = random.next() < 1 / (1 + Math.exp(better(b) - better(a)));
    const [chosen, rejected] = isFirst ? [a, b] : [b, a];
    const prompt = `the ${words[i % 10]} ${words[Math.floor(i / 10) % 10]}${i % 2 ? '.' : ''}`;
    return { prompt, chosen, rejected };
  });
  await writeFile(join(folder, 'pairs.json'), JSON.stringify(pairs));
});

async function audit(out: string, finders: readonly PropertyFinder[]): Promise<AuditReport> {
  const { signal: _signal, labeler: _labeler, ...parts } = createFakeParts();
  const { report } = await runAudit({
    ...{ base: 'base', tuned: 'tuned', out: join(folder, out) },
    pairs: join(folder, 'pairs.json'),
    parts: {
      ...parts,
      preferences: { ...parts.preferences, read: readPreferencePairs },
      properties: {
        ...{ name: 'words', settings: {}, judge: judgeProperties, finders },
        measured: () => ['film', 'plot'].map(counting),
      },
    },
    settings: { freshReplies: 200 },
    ...{ version: '1.2.3', quick: true },
  });
  return report;
}

const judged = ({ properties = [] }: AuditReport, name: string) =>
  properties.find((one) => one.name === name);

describe('properties that a finder finds in half of the pairs', () => {
  let report: AuditReport;
  beforeAll(async () => {
    report = await audit('found', [wordFinder]);
  });

  test('are judged by the other half, beside those that are counted', async () => {
    expect(judged(report, 'great')).toMatchObject({
      ...{ verdict: 'in-data-and-learned', flagged: true, source: 'text' },
      definition: 'How often it says great.',
    });
    expect(judged(report, 'great')?.inData?.n).toBeLessThanOrEqual(400);
    expect(judged(report, 'great')?.learned?.n).toBe(300);
    expect(judged(report, 'awful')).toMatchObject({
      ...{ verdict: 'learned-not-in-data', flagged: true },
    });
    expect(judged(report, 'awful')?.learned?.effect).toBeLessThan(0);
    const without = await audit('counted', []);
    for (const name of ['film', 'plot']) {
      expect(judged(report, name)).toEqual(judged(without, name));
      expect(judged(report, name)?.resembles).toBeUndefined();
    }
  });

  test('say which counted property they are', () => {
    expect(judged(report, 'film-as-described')).toMatchObject({
      flagged: false,
      partner: 'film',
      resembles: { mostly: { property: 'film', r: expect.closeTo(1, 6) } },
    });
    expect(judged(report, 'film-as-described')?.resembles?.explained).toBeCloseTo(1, 6);
    expect(judged(report, 'great')?.resembles?.explained).toBeLessThan(0.1);
  });

  test('are in the tables, unknown where they were found, and their pairs can be shown', async () => {
    const run = join(folder, 'found');
    const rows = await readParquet(join(run, 'tables', 'pair_properties.parquet'));
    for (const { prompt_text: prompt, reply, great } of rows) {
      expect(great).toBe(String(prompt).endsWith('.') ? says(reply as string, 'great') : null);
    }
    const fresh = await readParquet(join(run, 'tables', 'fresh_replies.parquet'));
    for (const { reply, draw, great } of fresh) {
      expect(great).toBe(Number(draw) < 150 ? says(reply as string, 'great') : null);
    }
    const taught = report.replyVerdict?.teaching.filter(({ property }) => property === 'great');
    expect(taught?.length).toBe(20);
    for (const { prompt, influence } of taught ?? []) {
      expect(prompt.endsWith('.')).toBe(true);
      expect(influence).toBeGreaterThan(0);
    }
    const { pairs } = await readPairsOf(run, 'great', 5);
    expect(pairs.map(({ difference }) => difference > 0)).toEqual([true, true, true, true, true]);
    await expect(
      repairPairs({
        ...{ run, pairs: join(folder, 'pairs.json'), properties: ['great'] },
        ...{ by: 'relabel', out: join(folder, 'repaired.jsonl') },
      }),
    ).rejects.toThrow(/"great" was found in half of the pairs/);
  });
});

test('features of differences and properties in words are found by an audit', async () => {
  const report = await audit('finders', [
    createDifferenceFinder({ features: 3 }),
    createDescribedFinder({ describer: judge('one'), judge: judge('two2') }),
  ]);
  const { properties = [] } = report;
  const found = properties.filter(({ resembles }) => resembles);
  expect(found.map(({ name, source }) => `${name} (${source})`).sort()).toEqual([
    'calls-it-great (judge)',
    'difference-feature-1 (model)',
    'difference-feature-2 (model)',
    'difference-feature-3 (model)',
  ]);
  expect(judged(report, 'calls-it-great')).toMatchObject({ flagged: true });
  const page = readFileSync(join(folder, 'finders', 'report.html'), 'utf8');
  expect(page).toContain('Difference features: 3 directions');
  expect(page).toContain('1 property in words');
});
