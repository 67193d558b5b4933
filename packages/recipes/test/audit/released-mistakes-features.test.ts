import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditParts } from '../../src/audit/parts.ts';
import { query } from '@feedprint/pipeline';
import { temporaryFolder, tickingClock } from '../temporary-folder.ts';
import { fakeTokenizer, stated, words } from './support/fake-model.ts';
import { plain } from './support/fake-parts.ts';
import { createTracedParts, unitOf } from './support/traced-parts.ts';
import { runAudit } from './support/run-audit.ts';
import type { WholeReport } from './support/run-audit.ts';

/*
 * What the paper's released code got wrong about features, one test each that fails if we made the mistake. Mistakes on
 * SAEs alone are tested with them: what an ablation keeps and that none changes no bit by the conformance suite of
 * SparseAutoencoder, MMCS (8) in packages/sae/test/compare, float divergences (9) in packages/activations/test/divergence.
 */

const filler = Array<string>(30).fill('the').join(' ');
const lines = [
  'the film was good',
  'the plot was bad',
  'nice film nice plot',
  'sad awful film',
  `great ${filler} great`,
];

const parts = createTracedParts();
const { trace } = parts;
let folder: string;
let report: WholeReport;

const audit = async (using: ReturnType<typeof createTracedParts>, matched = 100) => {
  const { report: found } = await runAudit({
    base: 'base',
    tuned: 'tuned',
    texts: join(folder, 'texts.txt'),
    out: join(await temporaryFolder(), 'run'),
    parts: using,
    settings: { widths: [1, 2], layers: 2, matched, newTokens: 20 },
    question: 'is it about praise?',
    version: '1.2.3',
    now: tickingClock(),
  });
  return found;
};

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'texts.txt'), lines.join('\n'));
  const out = join(folder, 'run');
  const result = await runAudit({
    base: 'base',
    tuned: 'tuned',
    texts: join(folder, 'texts.txt'),
    out,
    parts,
    settings: { widths: [1, 2], layers: 2, promptTokens: 2, newTokens: 20, onPolicyTokens: 0 },
    question: 'is it about praise?',
    version: '1.2.3',
    now: tickingClock(),
  });
  report = result.report;
});

const runNamed = (name: string) => report.validation.ablation.find((run) => run.name === name);
const tracedRun = (name: string) =>
  trace.generations[report.validation.ablation.findIndex((run) => run.name === name)];

describe('mistake 4: the ablation', () => {
  test('zeroes features of the tuned SAE, not dimensions of its reconstruction, and keeps its error', () => {
    // The related feature of each site reads unit 0. Its index is 3: as a dimension it would be the unread unit, in the
    // base's dictionary it would read unit 1, and a reconstruction would lose the unread unit.
    const related = report.features.filter((feature) => feature.related);
    expect(related.map(({ index }) => index)).toEqual([3, 3]);
    expect(runNamed('related off')?.features).toBe(2);
    expect(tracedRun('related off')?.activations).toEqual([0, 1, 1, 1]);
    expect(tracedRun('reconstruction only')?.activations).toEqual([1, 1, 1, 0]);
  });

  test('of nothing changes nothing', () => {
    expect(tracedRun('unmodified')).toEqual({
      model: 'tuned',
      edits: 0,
      activations: [1, 1, 1, 1],
    });
    expect(runNamed('unmodified')?.kl.value).toBe(0);
  });

  test('with no related feature is not run at all', async () => {
    const { labeler } = createTracedParts();
    const classify = () => Promise.resolve({ related: false, confidence: 1 });
    const { validation } = await audit(createTracedParts({ labeler: { ...labeler, classify } }));
    const kinds = validation.ablation.flatMap(({ kind, against }) => [kind, against]);
    expect(kinds).not.toContain('related');
  });

  test('runs the tuned model on its own weights', () => {
    expect(new Set(trace.generations.map(({ model }) => model))).toEqual(new Set(['tuned']));
  });

  test('scores sampled completions, not the most probable tokens of the texts', async () => {
    const rows = await query({
      tables: { g: join(folder, 'run', 'tables', 'generations.parquet') },
      sql: `SELECT text, reward, tokens FROM g WHERE kind = 'none' ORDER BY prompt`,
    });
    expect(rows.length).toBe(lines.length);
    const texts = rows.map(({ text }) => String(text));
    // Greedy or teacher-forced tokens of this model would be one word again and again, and as many as the text has.
    expect(new Set(texts).size).toBe(lines.length);
    for (const [i, text] of texts.entries()) {
      const found = text.trim().split(' ');
      expect(new Set(found).size).toBeGreaterThan(2);
      expect(rows[i]?.tokens).toBe(20);
      const reward = found.reduce((sum, word) => sum + (stated[word] ?? 0), 0);
      expect(rows[i]?.reward).toBe(reward);
    }
  });
});

describe('mistake 5: what is explained, ablated and counted', () => {
  test('is one feature of one SAE', () => {
    const at = (index: number) =>
      report.features.find((each) => each.id === `blocks.0.hook_mlp_out/${index}`);
    const others = report.validation.enrichment.table[1][0];
    for (const index of [0, 1]) {
      const feature = at(index);
      const sign = unitOf(index) === 1 ? 1 : -1;
      // Explained: active on words of one sign alone.
      for (const { tokens, activations } of feature?.examples ?? []) {
        tokens.forEach((token, i) => {
          const active = (stated[token.trim()] ?? 0) * sign > 0;
          expect((activations[i] as number) > 0).toBe(active);
        });
      }
      // Counted: on strong words of that sign (good, great twice; bad, awful), on nothing without feedback.
      expect(feature?.activity[0]).toEqual(sign > 0 ? [3, 2] : [2, 3]);
      expect(feature?.activity[1][0]).toBe(0);
      // Ablated: it does not carry the push.
      expect(feature?.ablationEffect).toBeCloseTo(0, 6);
    }
    // And the one that is always active does.
    const always = at(3);
    expect(always?.activity).toEqual([
      [5, 0],
      [others, 0],
    ]);
    expect(always?.ablationEffect).toBeCloseTo(-report.attribution.shift, 5);
  });
});

describe('mistake 6: every SAE', () => {
  test('is fed the activations of its own layer', () => {
    const bySite = (layer: number) =>
      trace.encoded.filter(({ site }) => site === `blocks.${layer}.hook_mlp_out`);
    for (const layer of [0, 1]) {
      expect(bySite(layer).length).toBeGreaterThan(5);
      expect(new Set(bySite(layer).map((each) => each.layer))).toEqual(new Set([layer]));
    }
  });
});

describe('mistake 7: the labeler', () => {
  const evidence = () => {
    const found = trace.evidence.get('blocks.0.hook_mlp_out/0');
    if (!found) throw new Error('no evidence');
    return found;
  };

  test('sees activations as they are, and one maximum over all texts', () => {
    const { top, heldOutActive, selection } = evidence();
    const windows = [...top, ...heldOutActive, ...(selection?.active ?? [])];
    const peaks = windows.map(({ activations }) => Math.max(...activations));
    // great 3, good 2, nice 1: normalised text by text all would be equal.
    expect([...peaks].sort()).toEqual([1, 2, 3]);
    expect(evidence().maxActivation).toBe(3);
  });

  test('sees windows of tokens, not of characters', () => {
    const windows = [...evidence().top, ...evidence().heldOutActive];
    const long = windows.find(({ tokens }) => tokens[0] === ' great');
    expect(long?.tokens.length).toBe(11);
    const all = new Set(words.map((word) => fakeTokenizer.tokenText(words.indexOf(word) + 1)));
    for (const { tokens } of windows) for (const token of tokens) expect(all.has(token)).toBe(true);
  });
});

describe('mistake 8: matched dictionaries', () => {
  test('are the small tuned one against the large tuned and the small base one', () => {
    expect(new Set(trace.matched.map((pair) => pair.join()))).toEqual(
      new Set(['sae-tuned-small,sae-tuned-large', 'sae-tuned-small,sae-base-small']),
    );
  });

  test('name features of the small tuned one', async () => {
    const match: AuditParts['matcher']['match'] = async (a, b) => ({
      mmcs: 0.5,
      matches: Array.from({ length: a.dSae }, (_, feature) => ({
        feature,
        match: b.dSae - 1 - feature,
        similarity: feature === 1 ? 0.9 : 0.1,
      })),
    });
    const found = await audit(createTracedParts({ matcher: { ...plain('reversed'), match } }), 1);
    expect(found.features.map(({ index }) => index)).toEqual([1, 1]);
  });
});

describe('mistake 13: strong feedback', () => {
  test('is what was stated, however strong the estimate', async () => {
    const { statistics } = createTracedParts();
    // Estimates that turn strength round: the weakest words are learned strongest.
    const impliedReward: typeof statistics.impliedReward = (counts) =>
      statistics
        .impliedReward(counts)
        .map((word) => ({ ...word, estimate: 1 / (0.1 + Math.abs(word.estimate)) }));
    const turned = createTracedParts({ statistics: { ...statistics, impliedReward } });
    const found = await audit(turned);
    expect(found.words.map(({ estimate }) => estimate)).not.toEqual(
      report.words.map(({ estimate }) => estimate),
    );
    const tables = (of: WholeReport) => of.features.map(({ id, activity }) => [id, activity]);
    expect(tables(found)).toEqual(tables(report));
  });
});
