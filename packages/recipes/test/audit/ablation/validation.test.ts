import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import type { AuditParts } from '../../../src/audit/parts.ts';
import { temporaryFolder, tickingClock } from '../../temporary-folder.ts';
import { createFakeParts } from '../support/fake-parts.ts';
import { runAudit } from '../support/run-audit.ts';
import type { WholeReport } from '../support/run-audit.ts';

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const lines = ['the film was good', 'the plot was bad', 'nice film great plot', 'sad awful film'];
  await writeFile(join(folder, 'texts.txt'), lines.join('\n'));
});

async function audit(
  parts: Partial<AuditParts>,
  widths: [number, number],
  texts = join(folder, 'texts.txt'),
): Promise<WholeReport> {
  const { report } = await runAudit({
    base: 'base',
    tuned: 'tuned',
    texts,
    out: join(await temporaryFolder(), 'run'),
    parts: createFakeParts(parts),
    settings: { widths },
    question: 'is it about praise?',
    version: '1.2.3',
    now: tickingClock(),
  });
  return report;
}

describe('the enrichment', () => {
  test('counts active rows of strongly scored words against those of words without feedback', async () => {
    const tables: unknown[] = [];
    const { statistics } = createFakeParts();
    const enrichment: typeof statistics.enrichment = (table) => {
      tables.push(table);
      return { oddsRatio: 1, p: 0.5 };
    };
    const report = await audit({ statistics: { ...statistics, enrichment } }, [1, 2]);
    // good, bad, great and awful are strong, nice and sad are not; nine tokens have no feedback.
    // Every feature's table is followed by those of the three others of its site.
    const byIndex = Object.fromEntries(
      report.features.map(({ index }, i) => [index, tables[4 * i]]),
    );
    for (const { index, activity } of report.features) expect(activity).toEqual(byIndex[index]);
    expect(byIndex).toEqual({
      0: [
        [4, 0],
        [9, 0],
      ],
      1: [
        [2, 2],
        [0, 9],
      ],
      2: [
        [2, 2],
        [0, 9],
      ],
      3: [
        [0, 4],
        [9, 0],
      ],
    });
    // Then that of "any related feature", which is the first one alone, and of its draws.
    expect(tables.length).toBe(16 + 1 + 20);
    expect(tables[16]).toEqual(byIndex[0]);
    expect(report.validation.enrichment).toMatchObject({
      oddsRatio: 1,
      p: 0.5,
      n: 13,
      table: byIndex[0],
    });
    expect(report.validation.enrichment.control?.oddsRatios.length).toBe(20);
  });

  test('of a feature that random ones match is shown with a large p', async () => {
    const report = await audit({}, [1, 2]);
    const control = (index: number) =>
      report.features.find((feature) => feature.index === index)?.enrichmentControl;
    // Active everywhere: the features on positive and on negative words are more enriched.
    expect(control(0)?.p).toBe(3 / 4);
    expect(control(0)?.oddsRatios.length).toBe(3);
    // On positive words alone: odds (2.5 x 9.5) / (2.5 x 0.5), as those on negative words.
    expect(control(1)?.oddsRatios.at(-1)).toBeCloseTo(19, 9);
    expect(control(1)?.p).toBe(2 / 4);
  });
});

describe('the random ablations', () => {
  test('switch off as many other features, of like frequency', async () => {
    const density = [0.5, 0.1, 0.95, 0.49, 0.52, 0.51, 0.48, 0.02];
    const { saeMetrics, saeFormat } = createFakeParts();
    const ablated: (readonly number[])[] = [];
    const report = await audit(
      {
        saeMetrics: {
          ...saeMetrics,
          onRows: async (sae, rows) => ({
            ...(await saeMetrics.onRows(sae, rows)),
            density: Float32Array.from({ length: sae.dSae }, (_, f) => density[f] ?? 0),
          }),
        },
        saeFormat: {
          ...saeFormat,
          load: async (path) => {
            const sae = await saeFormat.load(path);
            const ablate = (features: readonly number[]) => {
              ablated.push(features);
              return sae.ablate(features);
            };
            return { ...sae, ablate };
          },
        },
      },
      [2, 4],
    );
    const runs = report.validation.ablation.filter(({ kind }) => kind === 'random');
    expect(runs.map(({ name, against }) => [name, against])).toEqual(
      (['related', 'carriers'] as const).flatMap((kind) =>
        Array.from({ length: 20 }, (_, i) => i + 1).map((i) => [`random ${i}, like ${kind}`, kind]),
      ),
    );
    // One feature after the other alone, then the related one and its draws, the carrier and its draws.
    const [related, ...rest] = ablated.slice(-42);
    expect([related, rest[20]]).toEqual([[0], [0]]);
    for (const draw of [...rest.slice(0, 20), ...rest.slice(21)]) {
      expect(draw.length).toBe(1);
      expect([1, 2, 3, 4, 5, 6, 7]).toContain(draw[0]);
    }
  });

  test('are left out for related features where there is none', async () => {
    const { labeler } = createFakeParts();
    const classify = () => Promise.resolve({ related: false, confidence: 1 });
    const { validation } = await audit({ labeler: { ...labeler, classify } }, [1, 2]);
    expect(validation.ablation.map(({ kind }) => kind)).toEqual([
      'none',
      'carriers',
      ...Array<string>(20).fill('random'),
      'reconstruction',
    ]);
    expect(validation.ablation.some(({ against }) => against === 'related')).toBe(false);
    expect(validation.enrichment).toMatchObject({ oddsRatio: null, p: null });
  });
});

describe('the cross-entropy', () => {
  test('is recovered as far as the reconstruction keeps what the site carries', async () => {
    const texts = join(folder, 'praise.txt');
    await writeFile(texts, 'great good great good\nbad great good great\n');
    const recovered = async (kept: number) => {
      const { saeFormat } = createFakeParts();
      const load: typeof saeFormat.load = async (path) => {
        const sae = await saeFormat.load(path);
        const scaled = (x: Matrix) =>
          matrix(
            x.rows,
            x.columns,
            x.data.map((v) => v * kept),
          );
        return { ...sae, reconstruct: () => ({ site: sae.site, apply: scaled }) };
      };
      const report = await audit({ saeFormat: { ...saeFormat, load } }, [1, 2], texts);
      return report.validation.crossEntropy[0]?.recovered;
    };
    expect(await recovered(1)).toBeCloseTo(1, 6);
    expect(await recovered(0)).toBeCloseTo(0, 6);
    const half = await recovered(0.5);
    expect(half).toBeGreaterThan(0.3);
    expect(half).toBeLessThan(0.9);
  });
});

describe('texts of two words', () => {
  test('are enough for every stage', async () => {
    const texts = join(folder, 'short.txt');
    await writeFile(texts, 'the good\nthe bad\n');
    const { report } = await runAudit({
      base: 'base',
      tuned: 'tuned',
      texts,
      out: join(await temporaryFolder(), 'run'),
      parts: createFakeParts(),
      question: 'is it about praise?',
      version: '1.2.3',
    });
    expect(report.texts).toMatchObject({ count: 2, tokens: 4 });
    expect(report.validation.ablation[0]?.n).toBe(2);
  });
});
