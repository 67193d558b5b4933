import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { matrix, row } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import type { ChangeEvidence, ProbabilityEstimator } from '@feedprint/probe';
import type { AuditParts } from '../../../src/audit/parts.ts';
import { readParquet } from '@feedprint/pipeline';
import { temporaryFolder, tickingClock } from '../../temporary-folder.ts';
import { createFakeModel, idOf, pushed, stated, words } from '../support/fake-model.ts';
import { createFakeParts } from '../support/fake-parts.ts';
import { runAudit } from '../support/run-audit.ts';
import type { WholeReport } from '../support/run-audit.ts';

let folder: string;
let runs = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  const lines = ['the film was good', 'the plot was bad', 'good film great plot', 'sad awful film'];
  await writeFile(join(folder, 'texts.txt'), lines.join('\n'));
});

async function audit(parts: Partial<AuditParts>): Promise<{ report: WholeReport; out: string }> {
  const out = join(folder, `run-${++runs}`);
  const { report } = await runAudit({
    base: 'base',
    tuned: 'tuned',
    texts: join(folder, 'texts.txt'),
    out,
    parts: createFakeParts(parts),
    settings: { widths: [1, 2], newTokens: 2, randomAblations: 2 },
    question: 'is it about praise?',
    version: '1.2.3',
    now: tickingClock(),
  });
  return { report, out };
}

/** Gradients that tell where they were asked for: the target's id in unit 0, the position in unit 1. */
const withGradients = (model: LanguageModel): LanguageModel => ({
  ...model,
  gradients: (rows, request) => {
    const { sites } = request;
    const targets = 'targets' in request ? request.targets : [];
    const total = rows.reduce((sum, { length }) => sum + length, 0);
    const gradient = matrix(total, 4);
    let at = 0;
    rows.forEach((tokens, r) => {
      for (let t = 0; t < tokens.length; t++) {
        const target = targets[r]?.[t] as number;
        if (target >= 0) row(gradient, at + t).set([target, t, 0, 0]);
      }
      at += tokens.length;
    });
    return Promise.resolve(new Map(sites.map((site) => [site, gradient])));
  },
});

const loadModel: AuditParts['loadModel'] = (_, role) => {
  const model = createFakeModel(role, role === 'base' ? {} : pushed);
  return Promise.resolve(role === 'tuned' ? withGradients(model) : model);
};

describe('the change where words are predicted', () => {
  test('is seen at the position before the word, word by word', async () => {
    const seen: ChangeEvidence[] = [];
    const { statistics } = createFakeParts();
    const attributeChange: typeof statistics.attributeChange = (evidence) => {
      seen.push(evidence);
      return statistics.attributeChange(evidence);
    };
    const { report } = await audit({ loadModel, statistics: { ...statistics, attributeChange } });
    const [evidence] = seen;
    // "good" begins one of its texts, and "sad" its only one: nothing predicts them there.
    const scored = Object.keys(stated)
      .filter((word) => ['good', 'great', 'bad', 'sad', 'awful'].includes(word))
      .sort((a, b) => idOf(a) - idOf(b));
    const named = Array.from(evidence?.word ?? [], (w) => scored[w]);
    expect(named).toEqual(['good', 'great', 'bad', 'awful']);
    const positions = { good: 2, great: 1, bad: 2, awful: 0 };
    named.forEach((word, r) => {
      const [target, position] = row(evidence?.gradient ?? matrix(0, 4), r);
      expect(target).toBe(idOf(word ?? ''));
      expect(position).toBe(positions[word as keyof typeof positions]);
    });
    // Before "good", "bad" and "great" stands a word without feedback, before "awful" a negative one.
    const before = evidence?.activations.tuned ?? matrix(0, 4);
    expect(named.map((_, r) => Array.from(row(before, r)))).toEqual([
      [1, 0, 0, 1],
      [1, 0, 0, 1],
      [1, 0, 0, 1],
      [1, 0, 1, 0],
    ]);
    expect(report.attribution.change?.windows).toBe(4);
  });

  test('comes with the true shift of the words, along their feedback', async () => {
    const { report } = await audit({ loadModel });
    const p = (push: Readonly<Record<string, number>>) => {
      const raw = words.map((word, i) => Math.exp(-(i + 1) / 10 + (push[word] ?? 0)));
      const sum = raw.reduce((a, b) => a + b, 0);
      return new Map(words.map((word, i) => [word, Math.log((raw[i] as number) / sum)]));
    };
    const [base, tuned] = [p({}), p(pushed)];
    let [along, size] = [0, 0];
    // "sad" has no window.
    for (const word of ['good', 'great', 'bad', 'awful']) {
      const value = stated[word] as number;
      size += Math.abs(value);
      along += value * ((tuned.get(word) as number) - (base.get(word) as number));
    }
    expect(report.attribution.change?.shift).toBeCloseTo(along / size, 5);
  });

  test('is compared with what the activation of the base there really does', async () => {
    // The base's first unit, which carries the push, is 0.25: first order against 0.75 of the push.
    const dimmed = (model: LanguageModel): LanguageModel => ({
      ...model,
      async run(rows, request) {
        const result = await model.run(rows, request);
        for (const x of result.activations.values())
          for (let r = 0; r < x.rows; r++) x.data[r * 4] = 0.25;
        return result;
      },
    });
    const pairs: (readonly number[])[][] = [];
    const { statistics } = createFakeParts();
    const agreement: typeof statistics.agreement = (estimates, against, seed) => {
      pairs.push([Array.from(estimates), Array.from(against)]);
      return statistics.agreement(estimates, against, seed);
    };
    await audit({
      loadModel: async (name, role) => {
        const model = await loadModel(name, role);
        return role === 'base' ? dimmed(model) : model;
      },
      statistics: { ...statistics, agreement },
    });
    const [firstOrder, truth] = pairs.find(([a]) => a?.length === 4) ?? [];
    // The gradient in unit 0 is the target's id.
    expect(firstOrder).toEqual(['good', 'great', 'bad', 'awful'].map((word) => 0.75 * idOf(word)));
    const logProb = (word: string, a: number): number => {
      const raw = words.map((w, i) => Math.exp(-(i + 1) / 10 + a * (pushed[w] ?? 0)));
      return Math.log((raw[words.indexOf(word)] as number) / raw.reduce((x, y) => x + y, 0));
    };
    ['good', 'great', 'bad', 'awful'].forEach((word, i) =>
      expect(truth?.[i]).toBeCloseTo(logProb(word, 1) - logProb(word, 0.25), 5),
    );
  });

  test('is left out where the model cannot be differentiated', async () => {
    const { report, out } = await audit({});
    expect(report.attribution.change).toBeNull();
    expect(report.features.every(({ change }) => change === null)).toBe(true);
    const rows = await readParquet(join(out, 'tables', 'attribution.parquet'));
    expect(rows.length).toBe(5 * 4);
    expect(rows.every(({ change }) => change === null)).toBe(true);
  });
});

describe('the attribution by regression', () => {
  test('is made of the base model too, at the same positions', async () => {
    const seen: number[] = [];
    const { statistics } = createFakeParts();
    const attribute: typeof statistics.attribute = (features, shift) => {
      seen.push(features.rows);
      return { ...statistics.attribute(features, shift), explained: seen.length === 1 ? 0.4 : 0.3 };
    };
    const { report } = await audit({ statistics: { ...statistics, attribute } });
    expect(seen.length).toBe(2);
    expect(seen[0]).toBe(seen[1]);
    expect(report.attribution).toMatchObject({ explained: 0.4, explainedBase: 0.3 });
    const carrier = report.features.find(({ index }) => index === 0);
    expect(carrier?.carriesBase).toBeCloseTo(carrier?.carries as number, 9);
  });

  test('knows no counterpart where the base has none', async () => {
    const plain = createFakeParts();
    let calls = 0;
    const { report } = await audit({
      matcher: {
        ...plain.matcher,
        match: async (a, b) => {
          const found = await plain.matcher.match(a, b);
          // First against the large tuned one, then against the base.
          if (++calls % 2 === 1) return found;
          const matches = found.matches.map((each) => ({ ...each, match: null, similarity: 0 }));
          return { ...found, matches };
        },
      },
    });
    expect(report.features.every(({ carriesBase }) => carriesBase === null)).toBe(true);
    expect(report.attribution.explainedBase).toBe(1);
  });
});

describe('features that push words against their feedback', () => {
  test('are reported with the words and the places that show it, even if they carry nothing', async () => {
    const { statistics, estimators } = createFakeParts();
    const [plain] = estimators as [ProbabilityEstimator];
    // All words are learned against their feedback; the feature on negative words pushes "awful", the last word.
    const against: ProbabilityEstimator = {
      ...plain,
      estimate: (input) => ({
        ...plain.estimate(input),
        contradictions: input.words.map(() => ({
          expected: 0,
          score: 3,
          reversed: 0.99,
          q: 0.01,
          flagged: true,
        })),
      }),
    };
    const awful = stated['awful'];
    const featureDiscrepancies: typeof statistics.featureDiscrepancies = ({ columns }, all, seed) =>
      statistics.featureDiscrepancies(matrix(all.length, columns), all, seed).map((each, f) => ({
        ...each,
        flagged: f === 2,
        q: f === 2 ? 0.01 : 0.9,
        words: f === 2 ? all.flatMap((word, w) => (word.stated === awful ? [w] : [])) : [],
      }));
    const { report, out } = await audit({
      estimators: [against],
      statistics: { ...statistics, featureDiscrepancies },
    });
    expect(report.attribution.contradicting).toEqual({ words: 5, tested: 4, flagged: 1 });
    const found = report.features.find(({ index }) => index === 2)?.discrepancy;
    expect(found).toMatchObject({ flagged: true, words: ['awful'] });
    expect(found?.texts).toEqual([
      { word: 'awful', text: 3, tokens: [' sad', ' awful'], activations: [1] },
    ]);
    const rows = await readParquet(join(out, 'tables', 'feature-discrepancies.parquet'));
    expect(rows.filter(({ flagged }) => flagged)).toMatchObject([
      { feature: 'blocks.0.hook_mlp_out/2', words: 'awful' },
    ]);
  });
});
