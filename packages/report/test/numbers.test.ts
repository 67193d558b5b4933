import { expect, test } from '@jest/globals';
import { renderReport } from './fixtures/whole-report.ts';
import { createReport } from './fixtures/create-report.ts';
import { parsePage } from './fixtures/page.ts';

const report = createReport({ seed: 3 });
const { tags, text } = parsePage(renderReport(report));
const shown = text.replace(/\s+/g, ' ');
const minus = (value: number, digits: number): string => value.toFixed(digits).replace('-', '−');

test('shows the agreement, its interval and its controls as reported', () => {
  const { value, interval } = report.agreement.tauB;
  expect(shown).toContain(
    `τ ${minus(value as number, 2)} [${minus(interval?.low as number, 2)}, ${minus(interval?.high as number, 2)}]`,
  );
  const controls = report.agreement.controls.map(
    (control) => `${control.control} ${minus(control.tauB.value as number, 2)}`,
  );
  expect(shown).toContain(`Controls: ${controls.join(', ')}.`);
});

test('counts the flagged words', () => {
  const flagged = report.words.filter((word) => word.flagged).length;
  expect(shown).toContain(`${flagged} of ${report.words.length} scored`);
});

test('gives every word a row with its exact numbers', () => {
  const cells = tags.flatMap(({ attributes }) => attributes.get('data-v') ?? []).map(Number);
  const expected = report.words.flatMap((word) => {
    const {
      stated,
      estimate,
      interval,
      expected: line,
      n,
      score,
      reversed,
      q,
      power,
      flagged,
    } = word;
    const width = interval ? interval.high - interval.low : Infinity;
    return [stated, estimate, width, line, n, score, reversed, q, power ?? -1, flagged ? 1 : 0];
  });
  expect(cells).toEqual(expected);
  for (const { word, estimate } of report.words) {
    expect(shown).toContain(`${word} `);
    expect(shown).toContain(minus(estimate, 3));
  }
});

test('shows what ablations changed, their rank among the draws, and every draw', () => {
  const runs = report.validation.ablation;
  for (const kind of ['related', 'carriers']) {
    const change = runs.find((run) => run.kind === kind)?.reward.difference?.value ?? NaN;
    expect(shown).toContain(`changes this by ${minus(change, 2)}`);
  }
  expect(shown).toContain(
    '(more than random features do, p = 0.048), compared with 20 random draws.',
  );
  const rings = tags.filter(({ attributes }) => attributes.get('class') === 'other');
  const pushing = report.features.filter(({ discrepancy }) => discrepancy.flagged).length;
  const places = report.location?.places.length ?? 0;
  // 5 measures of 2 x 20 draws, 20 odds ratios, two rings per pushing feature, one per place and two chance levels per site, for
  // wide and for narrow screens.
  const chance = 2 * report.matching.length;
  expect(rings.length).toBe((5 * 40 + 20 + 2 * pushing + places + chance) * 2);
});

test('computes the ablation effect from the rewards reported', () => {
  const change = report.validation.ablation.find(({ kind }) => kind === 'related')?.reward
    .difference;
  expect(shown).toContain(`${minus(change?.value ?? NaN, 2)} feedback per completion`);
});

test('shows recovered cross-entropy, divergence and dictionary quality as reported', () => {
  for (const site of report.validation.crossEntropy) {
    if (site.recovered !== null) {
      expect(shown).toContain(`${(site.recovered * 100).toFixed(1)} %`);
    }
    expect(shown).toContain(site.zeroed.toFixed(3));
  }
  for (const layer of report.divergence)
    expect(shown).toContain((layer.relativeL2 * 100).toFixed(2));
  for (const sae of report.saes) expect(shown).toContain(sae.fvu.toFixed(3));
});

test('shows divergence by layer and component, row by row, and the tokens that it was measured at', () => {
  for (const { layer } of report.divergence) {
    const of = (kind: string, component: string): number =>
      report.components?.find(
        (part) => part.of === kind && part.layer === layer && part.component === component,
      )?.relativeL2 ?? NaN;
    const row = [
      ...['attention', 'mlp', 'residual'].map((component) => of('activations', component)),
      ...['attention', 'mlp', 'norm'].map((component) => of('weights', component)),
    ];
    expect(shown.replaceAll(' ', '')).toContain(
      `${layer}${row.map((value) => `${(100 * value).toFixed(2)}%`).join('')}`,
    );
  }
  expect(shown).toContain('compared at 1,004 tokens');
});

test('a report of before components were measured is shown without them', () => {
  const { components: _, ...before } = report;
  const { text: page } = parsePage(renderReport(before as typeof report));
  expect(page).toContain('Which layers did tuning change?');
  expect(page).not.toContain('By layer and component');
});

test('names the features that push words against their feedback, their words and their texts', () => {
  const pushing = report.features.filter(({ discrepancy }) => discrepancy.flagged);
  expect(pushing.length).toBeGreaterThan(2);
  for (const { discrepancy } of pushing) {
    const { push, expected, shifted, words } = discrepancy;
    const named = words.map((word) => `“${word}”`).join(', ');
    expect(shown).toContain(
      `Pushes ${named.replace(/, ([^,]*)$/, ' and $1')} against their stated`,
    );
    expect(shown).toContain(
      `${minus(push, 2)}, compared with ${minus(expected, 2)} for frequency-matched words and ${minus(shifted, 2)}`,
    );
  }
  const texts = pushing.flatMap(({ discrepancy }) => discrepancy.texts);
  expect(tags.filter(({ name }) => name === 'b').length).toBeGreaterThanOrEqual(texts.length);
});

test('shows each feature with what it carries and its ablation effect', () => {
  for (const feature of report.features) {
    const sign = (value: number): string =>
      `${Number((1000 * value).toFixed(2)) > 0 ? '+' : ''}${minus(1000 * value, 2).replace(/^−(0\.00)$/, '$1')}`;
    expect(shown).toContain(sign(feature.carries));
    if (feature.ablationEffect !== null) expect(shown).toContain(sign(feature.ablationEffect));
  }
});

test('shows accuracies on pairs with their intervals, and what matches them', () => {
  for (const { accuracy, split } of report.preferences?.accuracies ?? []) {
    if (split === 'all') continue; // Where there are splits, all of them together is no figure to look at.
    const { value, interval } = accuracy;
    expect(shown).toContain(
      `${minus(value as number, 2)} [${minus(interval?.low as number, 2)}, ${minus(interval?.high as number, 2)}]`,
    );
  }
  expect(shown).toContain(
    'implicit margin (test): matched by bag of words; better than the other controls.',
  );
});

test('shows known truth apart, and says where it is not known', () => {
  for (const row of report.preferences?.knownTruth ?? []) {
    expect(shown).toContain(
      `${row.split} ${row.n} ${row.turned} ${(row.auroc as number).toFixed(3)}`,
    );
  }
  const unknown = { ...report, preferences: { ...report.preferences, knownTruth: null } };
  const { text: other } = parsePage(renderReport(unknown as typeof report));
  expect(other.replace(/\s+/g, ' ')).toContain(
    'It is not known here which labels tuning really used',
  );
  expect(other).not.toContain('Known truth');
});

test('shows every word whose learned weight departs from the data with both weights', () => {
  for (const word of report.preferences?.words.filter(({ flagged }) => flagged) ?? []) {
    const sign = (value: number): string => `${value > 0 ? '+' : ''}${minus(value, 2)}`;
    expect(shown).toContain(`${word.word.trim()} ${sign(word.inData.value)} [`);
    expect(shown).toContain(`] ${sign(word.learned.value)} [`);
  }
});
