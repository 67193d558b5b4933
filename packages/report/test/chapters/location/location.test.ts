import { describe, expect, test } from '@jest/globals';
import { createReport } from '../../fixtures/create-report.ts';
import { createLocation, shares } from '../../fixtures/create-location.ts';
import { auditReport } from '../../fixtures/whole-report.ts';
import type { AuditReport } from '../../fixtures/whole-report.ts';

const full = createReport({ seed: 3 });
const made = createLocation(full.words);
type Location = typeof made;

const withLocation = (location: Location, changes: Partial<AuditReport> = {}): AuditReport => ({
  ...full,
  ...changes,
  location,
});
const withUnembedding = (undone: number, obtained: number): AuditReport =>
  withLocation({
    ...made,
    places: made.places.map((place) =>
      place.place === 'unembedding' ? { ...place, ...shares(undone, obtained) } : place,
    ),
  });
const said = (report: AuditReport): string[] =>
  auditReport.summarize(report).summary.filter((sentence) => sentence.includes('the unembedding'));

/** One section of the page, without its markup. */
function sectionOf(report: AuditReport, id: string): string {
  const page = auditReport.render(report);
  const [, own = ''] = new RegExp(`<section id="${id}"(.*?)</section>`, 's').exec(page) ?? [];
  return own
    .replace(/<svg.*?<\/svg>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

describe('where the shift sits', () => {
  test.each([
    [
      0.47,
      0.36,
      '36 to 47 % of the shift along the feedback is in the unembedding; the layers below hold the rest.',
    ],
    [
      0.3,
      0.5,
      '30 to 50 % of the shift along the feedback is in the unembedding; the layers below hold the rest.',
    ],
    [
      0.472,
      0.468,
      '47 % of the shift along the feedback is in the unembedding; the layers below hold the rest.',
    ],
    [
      0.001,
      -0.002,
      'None of the shift along the feedback is in the unembedding; the layers below hold it.',
    ],
    [
      -0.02,
      0.03,
      '0 to 3 % of the shift along the feedback is in the unembedding; the layers below hold the rest.',
    ],
  ])('is a sentence of the summary: %d undone, %d obtained', (undone, obtained, sentence) => {
    expect(said(withUnembedding(undone, obtained))).toEqual([sentence]);
  });

  test('comes first in its section, with the strongest block, the sites and what shares add up to', () => {
    const text = sectionOf(full, 'location');
    const order = [
      '36 to 47 % of the shift along the feedback is in the unembedding',
      'Restoring a single block undoes 15 % at most (block 5).',
      'The 2 sites looked into carry 4 % of it.',
      '+0.470 nats per unit of stated feedback [0.460, 0.480]',
      'come to 108 % undone and 91 % obtained',
      'Rows of the unembedding’s change, read as words',
    ].map((part) => text.replaceAll('\u00a0', ' ').indexOf(part));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(0);
    expect(text).toContain('correlates 0.84');
  });

  test('says before features are shown how much of it they can show', () => {
    const text = sectionOf(full, 'features').replaceAll('\u00a0', ' ');
    expect(text).toContain('The sites looked into carry 4 % of the shift along the feedback');
    expect(sectionOf(withLocation({ ...made, sites: null }), 'features')).not.toContain(
      'looked into',
    );
  });

  test('is not in the summary where the feedback was not learned, and says so', () => {
    const unrelated = withLocation(made, {
      verdict: { ...full.verdict, words: { ...full.verdict.words, verdict: 'unrelated' } },
    });
    expect(said(unrelated)).toEqual([]);
    expect(sectionOf(unrelated, 'location')).toContain('was not found to be learned');
    expect(sectionOf(full, 'location')).not.toContain('was not found to be learned');
  });

  test('is not there where there is no shift, or nothing that could be exchanged', () => {
    const nothing = { ...made, places: [], sites: null, unembedding: null };
    const flat = { value: 0.001, interval: { low: -0.02, high: 0.03 }, found: false };
    const still = withLocation({
      ...nothing,
      state: 'no-shift',
      shift: { slope: flat, expected: flat },
    });
    const foreign = withLocation({ ...nothing, state: 'no-exchange', shift: null });
    expect(sectionOf(still, 'location')).toContain(
      'There is no shift along the feedback to be located',
    );
    expect(sectionOf(foreign, 'location')).toContain('cannot be exchanged');
    for (const report of [still, foreign]) expect(said(report)).toEqual([]);
  });
});
