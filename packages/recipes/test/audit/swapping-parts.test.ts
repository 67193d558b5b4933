import { readFileSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { LanguageModel, Part } from '@feedprint/core';
import type { FeatureEstimator, ProbabilityEstimator } from '@feedprint/probe';
import type { AuditParts } from '../../src/audit/parts.ts';
import type { PlaceboJob } from '../../src/audit/placebos/placebo-parts.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { idOf } from './support/fake-model.ts';
import { createFakeParts, plain } from './support/fake-parts.ts';
import type { FakeParts } from './support/fake-parts.ts';
import { fakeChanges } from './support/fake-changes.ts';
import { runAudit } from './support/run-audit.ts';
import type { WholeReport } from './support/run-audit.ts';

/*
 * Each part in turn is given another name, other settings, or another way: the keys of the stages that it decides change, and
 * with them those of what needs these; the keys of all others stay. What it decides in the report changes, and nothing else.
 */

interface Audited {
  readonly report: WholeReport;
  /** Of every stage. */
  readonly keys: Readonly<Record<string, string>>;
}

let texts: string;
let pairs: string;
let original: Audited;

beforeAll(async () => {
  const folder = await temporaryFolder();
  texts = join(folder, 'texts.txt');
  pairs = join(folder, 'pairs.json');
  const lines = ['the film was good', 'the plot was bad', 'nice film great plot', 'sad awful film'];
  await writeFile(texts, lines.join('\n'));
  const pair = { prompt: 'the film', chosen: ' was good', rejected: ' was bad' };
  await writeFile(pairs, JSON.stringify([pair]));
  original = await audit({});
});

const shiftPart = {
  ...plain('shift'),
  measure: () =>
    Promise.resolve([{ prompt: 0, position: 0, token: idOf('good'), rank: 2, kl: 1, logRatio: 1 }]),
  summarize: () => ({
    prompts: 1,
    kl: { value: 1, interval: null },
    all: { tokens: 1, logRatio: 1, scored: 1, stated: 2 },
    classes: [],
    positions: [],
    shiftedTokens: [],
  }),
};

/** One part, which holds nothing. */
const exchangePart = {
  ...plain('exchange'),
  groups: () => [{ layer: 0, component: 'mlp' as const, names: [], parameters: 0, tied: false }],
  exchange: (model: LanguageModel) => model,
};

/** Says that nothing was expected anywhere but by the base. */
const placeboPart = {
  ...plain('placebos'),
  measure: ({ rows, ids }: PlaceboJob) =>
    Promise.resolve({
      base: matrix(rows.length, ids.length, new Float32Array(rows.length * ids.length).fill(1)),
      models: [],
    }),
};

const partsWith = (changed: Partial<FakeParts>): FakeParts =>
  createFakeParts({
    changes: fakeChanges({}),
    shift: shiftPart,
    exchange: exchangePart,
    placebos: placeboPart,
    untrained: { ...plain('none'), load: () => Promise.resolve(undefined) },
    ...changed,
  });

async function audit(changed: Partial<FakeParts>): Promise<Audited> {
  const out = join(await temporaryFolder(), 'run');
  const { report } = await runAudit({
    base: 'base',
    tuned: 'tuned',
    texts,
    pairs,
    out,
    parts: partsWith(changed),
    settings: { widths: [1, 2], randomAblations: 2 },
    question: 'is it about praise?',
    version: '1.2.3',
    now: () => new Date(Date.UTC(2026, 0, 1)),
  });
  const stages = join(out, 'stages');
  const keys = readdirSync(stages).map((name) => {
    const { stage, key } = JSON.parse(
      readFileSync(join(stages, name, 'manifest.json'), 'utf8'),
    ) as { stage: string; key: string };
    return [stage, key] as const;
  });
  return { report, keys: Object.fromEntries(keys) };
}

const changedKeys = ({ keys }: Audited): string[] =>
  Object.keys(original.keys)
    .filter((stage) => keys[stage] !== original.keys[stage])
    .sort();

/** Stages that need a stage, directly or not, and itself. */
const after = {
  capture: [
    'attribute',
    'capture',
    'change-attribution',
    'contrast',
    'estimators',
    'evidence',
    'feature-discrepancies',
    'features',
    'label',
    'match',
    'match-chance',
    'pair-features',
    'pair-probes',
    'replies',
    'sae-base-large-L0',
    'sae-base-small-L0',
    'sae-tuned-large-L0',
    'sae-tuned-small-L0',
    'untrained',
    'validate',
    'words',
  ],
  match: [
    'attribute',
    'change-attribution',
    'evidence',
    'feature-discrepancies',
    'label',
    'match',
    'validate',
  ],
  words: [
    'estimators',
    'evidence',
    'feature-discrepancies',
    'label',
    'replies',
    'validate',
    'words',
  ],
} as const;
const without = (stages: readonly string[], ...out: string[]): string[] =>
  stages.filter((stage) => !out.includes(stage));

/** What needs dictionaries: all that needs the capture, but for the words and whole texts. */
const withDictionaries = without(after.capture, 'capture', 'replies', 'words');

const other = <P extends Part>(part: P): P => ({
  ...part,
  settings: { ...part.settings, other: 1 },
});
const parts = partsWith({});

const decided: readonly [string, Partial<FakeParts>, readonly string[]][] = [
  ['the measure of divergence', { divergence: other(parts.divergence) }, ['components', 'diverge']],
  [
    'the store of activations',
    { activations: other(parts.activations) },
    [...after.capture, 'changes'].sort(),
  ],
  ['the trainer', { trainer: other(parts.trainer) }, withDictionaries],
  ['the format of SAEs', { saeFormat: other(parts.saeFormat) }, withDictionaries],
  ['what SAEs are measured by', { saeMetrics: other(parts.saeMetrics) }, withDictionaries],
  ['the matcher', { matcher: other(parts.matcher) }, [...after.match, 'match-chance'].sort()],
  [
    'the randomizer',
    { randomizer: other(parts.randomizer) },
    ['contrast', 'estimators', 'features', 'match-chance', 'pair-features', 'pair-probes'],
  ],
  [
    'the untrained model',
    { untrained: other(parts.untrained as NonNullable<AuditParts['untrained']>) },
    ['estimators', 'untrained'],
  ],
  ['the maker of triples', { triples: other(parts.triples) }, ['contrast', 'estimators']],
  [
    'the estimators',
    { estimators: parts.estimators.map((estimator) => other(estimator)) },
    after.words,
  ],
  [
    'the statistics',
    { statistics: other(parts.statistics) },
    [
      'attribute',
      'change-attribution',
      'estimators',
      'evidence',
      'feature-discrepancies',
      'label',
      'location',
      'replies',
      'validate',
      'words',
    ],
  ],
  [
    'the statistics of pairs',
    {
      preferences: { ...parts.preferences, statistics: other(parts.preferences.statistics) },
    },
    ['pair-probes', 'preferences'],
  ],
  [
    'what measures changes',
    // What features promote is read by it too.
    { changes: other(parts.changes as NonNullable<AuditParts['changes']>) },
    ['changes', 'label', 'validate'],
  ],
  ['what measures the shift', { shift: other(shiftPart) }, ['shift']],
  ['what makes placebos', { placebos: other(placeboPart) }, [...after.words, 'placebos'].sort()],
  ['what exchanges parameters', { exchange: other(exchangePart) }, ['location']],
  ['the labeler', { labeler: other(parts.labeler) }, ['label', 'validate']],
];

describe('another part of other settings', () => {
  test.each(decided)(
    '%s is in the keys of the stages that it decides',
    async (_, changed, keys) => {
      const found = await audit(changed);
      expect(changedKeys(found)).toEqual([...keys]);
      // Settings that change nothing but themselves leave the report as it is.
      const plainly = (report: WholeReport) => ({ ...report, seconds: 0, settings: {} });
      expect(plainly(found.report)).toEqual(plainly(original.report));
    },
  );
});

describe('the main estimator', () => {
  /** Says of every word the opposite of what is stated. */
  const contrary: ProbabilityEstimator = {
    name: 'contrary',
    settings: {},
    reads: 'probabilities',
    estimate: ({ words }) => ({
      estimator: 'contrary',
      description: 'the opposite of what is stated',
      estimates: words.map(({ stated }) => -stated),
      intervals: words.map(() => null),
      n: words.map(() => 3),
    }),
    controls: () => [],
  };

  test('is the first one, and the findings on words are its', async () => {
    const { report } = await audit({ estimators: [contrary, ...parts.estimators] });
    expect(report.agreement.estimator).toBe('contrary');
    expect(report.words.length).toBe(6);
    for (const word of report.words) {
      expect(word).toMatchObject({ estimate: -word.stated, interval: null, n: 3, flagged: true });
    }
    expect(report.line).toBe(null);
  });

  test('waits for dictionaries only where it reads them', async () => {
    const reading: FeatureEstimator = { ...contrary, reads: 'features' };
    const before = await audit({ estimators: [reading] });
    const after = await audit({ estimators: [reading], trainer: other(parts.trainer) });
    expect(after.keys['words']).not.toBe(before.keys['words']);
    expect(after.report.words).toEqual(before.report.words);
  });

  test('may say nothing of a word, which is left out then', async () => {
    const silent: ProbabilityEstimator = {
      ...contrary,
      estimate: (input) => ({
        ...contrary.estimate(input),
        estimates: input.words.map(({ word, stated }) => (word === 'good' ? NaN : -stated)),
      }),
    };
    const { report } = await audit({ estimators: [silent] });
    expect(report.words.map(({ word }) => word)).not.toContain('good');
    expect(report.words.length).toBe(5);
  });
});

describe('a part that does it another way', () => {
  test('changes what it decides: a matcher, the matching', async () => {
    const matcher = {
      ...plain('halves'),
      match: async (...pair: Parameters<AuditParts['matcher']['match']>) => ({
        ...(await parts.matcher.match(...pair)),
        mmcs: 0.5,
      }),
    };
    const { report } = await audit({ matcher });
    expect(report.matching.map(({ baseTuned, smallLarge }) => [baseTuned, smallLarge])).toEqual([
      [0.5, 0.5],
    ]);
    const { matching: _, ...rest } = report;
    const { matching: __, ...before } = original.report;
    expect({ ...rest, seconds: 0, settings: {} }).toEqual({ ...before, seconds: 0, settings: {} });
  });

  test('changes what it decides: a labeler, the labels', async () => {
    const labeler: FakeParts['labeler'] = {
      ...parts.labeler,
      name: 'other',
      explain: () => Promise.resolve('about films/1'),
    };
    const { report } = await audit({ labeler });
    expect(new Set(report.features.map(({ label }) => label))).toEqual(new Set(['about films/1']));
    expect(report.words).toEqual(original.report.words);
  });
});
