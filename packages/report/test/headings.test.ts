import { describe, expect, test } from '@jest/globals';
import { html } from '../src/html.ts';
import { linkTerms } from '../src/page/link-terms.ts';
import { createReport } from './fixtures/create-report.ts';
import { parsePage } from './fixtures/page.ts';
import { renderReport } from './fixtures/whole-report.ts';
import type { AuditReport } from './fixtures/whole-report.ts';

const full = createReport({ seed: 2, words: 80 });
const shown = (report: AuditReport): string =>
  parsePage(renderReport(report)).text.replaceAll(/\s+/g, ' ');

/** The report with every rank of its ablations set. */
const ranked = (p: number | null): AuditReport => ({
  ...full,
  validation: {
    ...full.validation,
    ablation: full.validation.ablation.map((run) => ({
      ...run,
      expected: { ...run.expected, p: run.kind === 'random' ? null : p },
      reward: { ...run.reward, p: run.kind === 'random' ? null : p },
    })),
  },
});

describe('a heading', () => {
  test.each([
    [0.4, 'Switching these features off does no more than switching off random ones'],
    [1 / 21, 'Switching these features off does more than switching off random ones'],
    [null, 'Does it hold up when put to the test?'],
  ])('says what came of the ablations whose rank is %p', (p, heading) => {
    expect(shown(ranked(p))).toContain(heading);
  });

  test('says so where a control does as well as the main estimator', () => {
    const said =
      'What cannot reflect learning agrees with the feedback as well as the estimate does';
    expect(shown(full)).not.toContain(said);
    const controls = full.agreement.controls.map((control) => ({
      ...control,
      advantage: { ...control.advantage, tauB: { ...control.advantage.tauB, matched: true } },
    }));
    expect(shown({ ...full, agreement: { ...full.agreement, controls } })).toContain(said);
  });

  test('calls dictionaries alike only as far as they are so beyond chance', () => {
    const matching = (smallLarge: number, chance: number) => ({
      ...full,
      matching: full.matching.map((site) => ({
        ...site,
        smallLarge,
        chance: { smallLarge: chance, baseTuned: chance },
      })),
    });
    expect(shown(matching(0.8, 0.2))).toContain('Independent dictionaries find the same features');
    // As high, and nothing beyond what permuted units give.
    expect(shown(matching(0.8, 0.78))).toContain('mostly find other features');
    expect(shown(matching(0.8, 0.78))).toContain('(chance 0.780)');
  });
});

test('cards and sentences name the same layer', () => {
  // The layer that moved furthest in proportion is another one than the one that moved furthest.
  const divergence = full.divergence.map((layer, i) => ({
    ...layer,
    l2: i === 1 ? 9 : 1,
    relativeL2: i === 3 ? 0.5 : 0.1,
  }));
  const text = shown({ ...full, divergence });
  expect(text).toContain('Most changed layer 1 by 9 (L2)');
  expect(text).toContain('layer 1 furthest');
});

describe('terms of the glossary', () => {
  const terms = [
    { term: 'p, q', meaning: '' },
    { term: 'SAE, dictionary, feature', meaning: '' },
    { term: 'Kendall’s τ-b', meaning: '' },
  ];
  const linked = (source: ReturnType<typeof html>): string => linkTerms(source, terms).source;

  test('are linked once, where the text names them first', () => {
    expect(linked(html`<p>A dictionary has features. The dictionary is an SAE.</p>`)).toBe(
      '<p>A <a href="#term-sae-dictionary-feature">dictionary</a> has features. The dictionary is an SAE.</p>',
    );
    expect(linked(html`<p>p is small; Kendall’s τ-b is 1</p>`)).toBe(
      '<p>p is small; <a href="#term-kendall-s-τ-b">Kendall’s τ-b</a> is 1</p>',
    );
  });

  test('are left alone in headings, links, pictures, attributes and longer words', () => {
    for (const source of [
      html`<h3>The dictionary</h3>`,
      html`<a href="#x">a <b>dictionary</b></a>`,
      html`<svg aria-label="dictionary"><text>dictionary</text></svg>`,
      html`<td title="dictionary">dictionaryless</td>`,
    ]) {
      expect(linked(source)).toBe(source.source);
    }
  });

  test('are linked from the page to entries that exist', () => {
    const { tags } = parsePage(renderReport(full));
    const ids = new Set(tags.flatMap(({ attributes }) => attributes.get('id') ?? []));
    const links = tags.flatMap(({ attributes }) => {
      const href = attributes.get('href') ?? '';
      return href.startsWith('#term-') ? [href.slice(1)] : [];
    });
    expect(links.length).toBeGreaterThan(8);
    expect(new Set(links).size).toBe(links.length);
    for (const link of links) expect(ids).toContain(link);
  });
});
