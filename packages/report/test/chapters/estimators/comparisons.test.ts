import { expect, test } from '@jest/globals';
import type { AgreementReport } from '../../../src/chapters/estimators/index.ts';
import { renderReport } from '../../fixtures/whole-report.ts';
import { comparison } from '../../../src/chapters/estimators/comparisons.ts';
import { createReport } from '../../fixtures/create-report.ts';
import { parsePage } from '../../fixtures/page.ts';

const report = createReport({ seed: 3 });
const rendered = renderReport(report);
const shown = parsePage(rendered).text.replace(/\s+/g, ' ');

/** The report's first estimator, its controls as well as given by `matched`. */
function judged(...matched: readonly (boolean | null)[]): AgreementReport {
  const [first] = report.agreement.controls;
  return {
    ...report.agreement,
    controls: matched.map((state, i) => {
      const control = first as AgreementReport['controls'][number];
      const tauB = { ...control.advantage.tauB, matched: state };
      return { ...control, control: `c${i}`, advantage: { ...control.advantage, tauB } };
    }),
  };
}

test.each([
  [[false, false], ['agrees better than each of its 2 controls.']],
  [[false], ['agrees better than its control.']],
  [[true, false], ['is matched by c0, so what it shows need not be learned feedback.']],
  [
    [true, true],
    ['is matched by all of its 2 controls, so what it shows need not be learned feedback.'],
  ],
  [
    [null, true],
    [
      'is matched by c1, so what it shows need not be learned feedback.',
      'cannot be compared with c0.',
    ],
  ],
  [
    [true, true, false],
    ['is matched by c0 and c1, so what it shows need not be learned feedback.'],
  ],
  [
    [false, null],
    ['agrees better than c0.', 'cannot be compared with c1.'],
  ],
  [[null], ['cannot be compared with c0.']],
  [[], ['was not compared with any control.']],
])('of controls that match (%j) it is said: %j', (matched, sentences) => {
  expect(comparison(judged(...matched))).toEqual(sentences);
});

test('every estimator of the page is compared with its controls, and the first one in the head too', () => {
  for (const estimator of report.estimators) {
    expect(shown).toContain(`${estimator.estimator} ${comparison(estimator).join(' ')}`);
  }
  const [head] = comparison(report.agreement);
  expect(shown).toContain(`length 0.03. The estimator ${head}`);
  // The paper probe's base model agrees nearly as well.
  expect(shown).toContain('paper probe is matched by base model,');
});

test('controls that match are marked in the picture and in the table of measures', () => {
  const matches = report.estimators.flatMap(({ controls }) =>
    controls.flatMap(({ advantage }) => Object.values(advantage).filter(({ matched }) => matched)),
  );
  // In the table once for each measure; in the picture, drawn wide and narrow, for tau-b.
  const inPicture = report.estimators.flatMap(({ controls }) =>
    controls.filter(({ advantage }) => advantage.tauB.matched),
  );
  expect(inPicture.length).toBeGreaterThan(0);
  expect(rendered.match(/\bmatches<\//g)).toHaveLength(matches.length);
  expect(rendered.match(/>≈ /g)).toHaveLength(2 * inPicture.length);
});
