import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { RunEventInput } from '@feedprint/core';
import { auditReport } from '../../src/audit/audit-report.ts';
import type { AuditOptions } from '../../src/audit/open-audit.ts';
import { query } from '@feedprint/pipeline';
import { hashTree, temporaryFolder } from '../temporary-folder.ts';
import { idOf, pushed, stated, words } from './support/fake-model.ts';
import { createFakeParts, plain } from './support/fake-parts.ts';
import { runAudit } from './support/run-audit.ts';
import type { WholeReport } from './support/run-audit.ts';

const lines = ['the film was good', 'the plot was bad', 'nice film great plot', 'sad awful film'];
const positions = 4 * 4 - 1;

let folder: string;
let report: WholeReport;
const events: RunEventInput[] = [];

const optionsFor = (out: string, changes: Partial<AuditOptions> = {}): AuditOptions => ({
  base: 'base',
  tuned: 'tuned',
  texts: join(folder, 'texts.txt'),
  out,
  parts: createFakeParts(),
  settings: { newTokens: 50, sampleTokens: 1000, widths: [1, 2] },
  question: 'is it about praise?',
  version: '1.2.3',
  environment: { threads: 2 },
  // Standing still: how many progress events there are depends on how busy the machine is.
  now: () => new Date(Date.UTC(2026, 0, 1)),
  ...changes,
});

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'texts.txt'), `${lines.join('\n')}\n`);
  const result = await runAudit(
    optionsFor(join(folder, 'run'), { onEvent: (event) => void events.push(event) }),
  );
  report = result.report;
});

/** Probabilities of the fake models, written down a second time. */
const weights = (push: Readonly<Record<string, number>>): number[] => {
  const raw = words.map((word, i) => Math.exp(-(i + 1) / 10 + (push[word] ?? 0)));
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((v) => v / sum);
};
const [p, q] = [weights({}), weights(pushed)];
const expectedFeedback = (probabilities: readonly number[]): number =>
  words.reduce((sum, word, i) => sum + (stated[word] ?? 0) * (probabilities[i] as number), 0);
const shift = expectedFeedback(q) - expectedFeedback(p);

describe('an audit put together from parts that know the contracts alone', () => {
  test('finds the log-ratio of every word and the one word learned the wrong way round', () => {
    const estimates = Object.fromEntries(
      report.words.map(({ word, estimate }) => [word, estimate]),
    );
    expect(Object.keys(estimates).sort()).toEqual(Object.keys(stated).sort());
    for (const [word, estimate] of Object.entries(estimates)) {
      const i = words.indexOf(word);
      expect(estimate).toBeCloseTo(Math.log((q[i] as number) / (p[i] as number)), 5);
    }
    const flagged = report.words.filter((word) => word.flagged);
    expect(flagged.map(({ word }) => word)).toEqual(['nice']);
    expect(report.words[0]?.word).toBe('nice');
    expect(report.agreement.signAccuracy).toMatchObject({ value: 5 / 6, n: 6 });
    expect(report.agreement.controls[0]?.signAccuracy.value).toBeCloseTo(1 / 6);
  });

  test('counts texts, tokens and scored tokens', () => {
    expect(report.texts).toEqual({
      file: 'texts.txt',
      count: 4,
      tokens: positions,
      truncated: 0,
      scoredTokens: 6,
      unscoredWords: 0,
    });
  });

  test('says which features carry the shift and what happens without them', () => {
    expect(report.attribution).toMatchObject({ explained: 1, features: 4, positions });
    expect(report.attribution.shift).toBeCloseTo(shift, 5);
    const [first] = report.features;
    expect(first).toMatchObject({ id: 'blocks.0.hook_mlp_out/0', density: 1, related: true });
    expect(first?.carries).toBeCloseTo(shift, 5);
    expect(first?.ablationEffect).toBeCloseTo(-shift, 5);
    for (const other of report.features.slice(1)) {
      expect(other.ablationEffect).toBeCloseTo(0, 6);
      expect(other.related).toBe(false);
    }
    // Units: always 1, on positive words, on negative words, on all others.
    const onFeedback = report.features.map((feature) => [feature.index, feature.onFeedback]);
    expect(Object.fromEntries(onFeedback)).toEqual({ 0: 6 / positions, 1: 1, 2: 1, 3: 0 });
  });

  test('compares feedback of generations with and without the features, on the same random streams', () => {
    const reward = new Map(report.validation.ablation.map((run) => [run.name, run.reward.value]));
    expect(reward.get('reconstruction only')).toBe(reward.get('unmodified'));
    expect(reward.get('related off')).toBeLessThan(reward.get('unmodified') as number);
    const random = report.validation.ablation.filter(({ kind }) => kind === 'random');
    expect(random.length).toBe(40);
    for (const run of random) {
      expect(run).toMatchObject({ features: 1, reward: { value: reward.get('unmodified') } });
    }
    const perToken = (name: string): number => (reward.get(name) as number) / 50;
    expect(perToken('unmodified')).toBeCloseTo(expectedFeedback(q), 0);
    expect(perToken('related off')).toBeCloseTo(expectedFeedback(p), 0);
  });

  test('measures how far a model without the feature is from itself, and its fluency under the base', () => {
    const [unmodified, related] = ['unmodified', 'related off'].map((name) =>
      report.validation.ablation.find((run) => run.name === name),
    );
    const kl = q.reduce((sum, x, i) => sum + x * Math.log(x / (p[i] as number)), 0);
    expect(related?.kl.value).toBeCloseTo(kl, 5);
    expect(unmodified?.kl).toMatchObject({ value: 0, difference: null, p: null });
    // Without the feature the model is the base: what it writes is what the base expects, to within its entropy's noise.
    const entropy = -p.reduce((sum, x) => sum + x * Math.log(x), 0);
    const cross = -q.reduce((sum, x, i) => sum + x * Math.log(p[i] as number), 0);
    expect(related?.logProbBase.value).toBeCloseTo(-entropy, 0);
    expect(unmodified?.logProbBase.value).toBeCloseTo(-cross, 0);
  });

  test('writes every completion, from which the figures can be computed again', async () => {
    const rows = await query({
      tables: { g: join(folder, 'run', 'tables', 'generations.parquet') },
      sql: `SELECT a.run, avg(a.reward) AS reward, avg(a.kl) AS kl, avg(a.expected) AS expected, avg(a."logProbBase") AS fluency,
              avg(a.repeated) AS repeated, avg(a.reward - b.reward) AS change
            FROM g AS a JOIN g AS b ON a.prompt = b.prompt AND b.kind = 'none' GROUP BY a.run`,
    });
    expect(rows.length).toBe(report.validation.ablation.length);
    for (const run of report.validation.ablation) {
      const row = rows.find((each) => each.run === run.name);
      expect(row?.reward).toBeCloseTo(run.reward.value as number, 9);
      expect(row?.expected).toBeCloseTo(run.expected.value as number, 9);
      expect(row?.kl).toBeCloseTo(run.kl.value as number, 9);
      expect(row?.fluency).toBeCloseTo(run.logProbBase.value as number, 9);
      expect(row?.repeated).toBeCloseTo(run.repeated.value as number, 9);
      expect(row?.change).toBeCloseTo(run.reward.difference?.value ?? 0, 9);
    }
  });

  test('measures the cross-entropy that a site carries', () => {
    const entropy = (probabilities: readonly number[]): number => {
      const predicted = lines.flatMap((line) => line.split(' ').slice(1));
      const of = (word: string): number => Math.log(probabilities[words.indexOf(word)] as number);
      return -predicted.reduce((sum, word) => sum + of(word), 0) / predicted.length;
    };
    const [site] = report.validation.crossEntropy;
    expect(site?.unmodified).toBeCloseTo(entropy(q), 5);
    expect(site?.reconstructed).toBeCloseTo(entropy(q), 5);
    expect(site?.zeroed).toBeCloseTo(entropy(p), 5);
    // Without the push these texts, half of them against it, are predicted better: there is no cost to recover.
    expect(entropy(p)).toBeLessThan(entropy(q));
    expect(site?.recovered).toBe(null);
  });

  test('measures the contrast of the versions', () => {
    // good and film, bad and film differ in two units of 1 each.
    expect(report.contrast).toMatchObject({ triples: 1, words: 2 });
    expect(report.contrast.meanPositive).toBeCloseTo(Math.SQRT2);
    expect(report.contrast.meanNegative).toBeCloseTo(-Math.SQRT2);
  });

  test('shows texts with the log-ratio of every token, the first aside', () => {
    const [text] = report.heatTexts;
    expect(text?.tokens.join('')).toBe(' nice film great plot');
    expect(text?.flagged).toEqual([0]);
    expect(text?.stated).toEqual([1, null, 3, null]);
    const ratio = (word: string): number =>
      Math.log((q[words.indexOf(word)] as number) / (p[words.indexOf(word)] as number));
    [0, ratio('film'), ratio('great'), ratio('plot')].forEach((expected, i) =>
      expect(text?.logRatio[i]).toBeCloseTo(expected, 5),
    );
  });

  test('states its version, settings, parts and models', () => {
    expect(report).toMatchObject({
      feedprint: '1.2.3',
      name: 'run',
      models: { base: 'base', tuned: 'tuned', architecture: 'fake', parameters: 6 },
      feedback: { name: 'fake feedback', range: [-3, 3] },
      settings: { newTokens: 50, seed: 0, labeler: 'fake', trainer: { name: 'axes' }, threads: 2 },
    });
    expect(report.summary[0]).toMatch(/ but learned 1 of 6 words against it: "nice"/);
  });

  test('writes a valid report.json, the page that its part renders, and tells the listener every event', () => {
    const json: unknown = JSON.parse(readFileSync(join(folder, 'run', 'report.json'), 'utf8'));
    expect(auditReport.parse(json)).toEqual(report);
    expect(readFileSync(join(folder, 'run', 'report.html'), 'utf8')).toBe(
      auditReport.render(report),
    );
    const [started] = events;
    const stages = started?.type === 'run-started' ? started.stages : [];
    const finished = events.flatMap((e) => (e.type === 'stage-finished' ? [e.stage] : []));
    expect(finished).toEqual(stages);
    expect(events.at(-1)).toEqual({ type: 'run-finished' });
  });
});

describe('an audit with words of several tokens', () => {
  const context = [idOf('the')];
  const place = { text: 0, offset: 3, position: 1, original: 'x', context };
  const neutral = [idOf('film')];
  const wide = {
    ...place,
    positive: [idOf('good'), idOf('great')],
    neutral,
    negative: [idOf('bad'), idOf('film')],
  };
  const narrow = { ...place, positive: [idOf('good')], neutral, negative: [idOf('bad')] };
  const triples = [wide, { ...wide, positive: [idOf('nice')] }, narrow];
  const out = () => join(folder, 'spans');
  let contrast: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    const make = async () => ({ triples, dropped: { boundary: 3 } });
    const parts = createFakeParts({ triples: { ...plain('triples'), make } });
    await runAudit(optionsFor(out(), { parts }));
    const stage = readdirSync(join(out(), 'stages')).find((name) => name.startsWith('contrast-'));
    const file = join(out(), 'stages', stage as string, 'contrast.json');
    contrast = JSON.parse(readFileSync(file, 'utf8')) as typeof contrast;
  });

  test('averages features over the tokens of a word, and over no other', () => {
    // The context would pull every version towards the neutral one.
    expect(contrast.meanPositive).toBeCloseTo(Math.SQRT2);
    // Half of "bad film" is the neutral version's token.
    expect(contrast.meanNegative).toBeCloseTo((-2 * Math.SQRT1_2 - Math.SQRT2) / 3);
  });

  test('gives split words indices beyond the scored ones, equal words equal ones, and counts what was dropped', () => {
    const [goodGreat, nice, good, ...negative] = contrast.word as number[];
    const scored = Object.keys(stated).length;
    expect(goodGreat).toBe(scored);
    expect([nice, good]).toEqual([2, 0]);
    expect(negative).toEqual([scored + 1, scored + 1, 3]);
    expect(contrast.dropped).toEqual({ boundary: 3 });
  });

  test('makes the contrast anew when the triples are others, and only then', async () => {
    const reused = async (changed: typeof triples) => {
      const events: RunEventInput[] = [];
      const make = async () => ({ triples: changed, dropped: {} });
      const parts = createFakeParts({ triples: { ...plain('triples'), make } });
      await runAudit(optionsFor(out(), { parts, onEvent: (event) => void events.push(event) }));
      return events.some((e) => e.type === 'stage-finished' && e.stage === 'contrast' && e.reused);
    };
    expect(await reused(triples)).toBe(true);
    expect(await reused([narrow])).toBe(false);
  });
});

describe('an audit that is run again', () => {
  test('gives the same bytes in another folder of the same name, its report times aside', async () => {
    const other = join(await temporaryFolder(), 'run');
    await runAudit(optionsFor(other));
    const hashes = await hashTree(other);
    expect(hashes).toEqual(await hashTree(join(folder, 'run')));
  });

  test('in the same folder does nothing twice', async () => {
    const again: RunEventInput[] = [];
    const trainer = createFakeParts().trainer;
    const parts = createFakeParts({
      trainer: { ...trainer, train: () => Promise.reject(new Error('trained twice')) },
    });
    await runAudit(
      optionsFor(join(folder, 'run'), { parts, onEvent: (event) => void again.push(event) }),
    );
    const reused = again.flatMap((e) => (e.type === 'stage-finished' ? [e.reused] : []));
    expect(reused.length).toBeGreaterThan(10);
    expect(reused.every(Boolean)).toBe(true);
  });
});

describe('an audit that fails', () => {
  test('keeps what was done, says why in its events, disposes of the models and continues', async () => {
    const out = join(await temporaryFolder(), 'run');
    const failed: RunEventInput[] = [];
    let disposed = 0;
    const sound = createFakeParts();
    const parts = createFakeParts({
      loadModel: async (name, role) => {
        const model = await sound.loadModel(name, role);
        return { ...model, dispose: () => Promise.resolve(void disposed++) };
      },
      labeler: { ...sound.labeler, explain: () => Promise.reject(new Error('no answer')) },
    });
    const onEvent = (event: RunEventInput) => void failed.push(event);
    await expect(runAudit(optionsFor(out, { parts, onEvent }))).rejects.toThrow('no answer');
    expect(disposed).toBe(2);
    expect(failed.at(-1)).toEqual({ type: 'run-failed', code: 'internal', message: 'no answer' });
    const left: unknown = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    expect(left).toHaveProperty('pending');
    const result = await runAudit(optionsFor(out));
    expect(result.report.words).toEqual(report.words);
  });

  test('before it begins makes no folder', async () => {
    const out = join(await temporaryFolder(), 'run');
    const wrong = { layers: 0 };
    await expect(runAudit(optionsFor(out, { settings: wrong }))).rejects.toMatchObject({
      code: 'config-invalid',
    });
    const parts = createFakeParts({ loadModel: () => Promise.reject(new Error('no model')) });
    await expect(runAudit(optionsFor(out, { parts }))).rejects.toThrow('no model');
    expect(existsSync(out)).toBe(false);
  });
});
