import { describe, expect, test } from '@jest/globals';
import type { CausesReport } from '../../../src/chapters/causes/index.ts';
import { createCauses } from '../../fixtures/create-causes.ts';
import { createReport } from '../../fixtures/create-report.ts';
import { parsePage } from '../../fixtures/page.ts';
import { auditReport } from '../../fixtures/whole-report.ts';

const full = createReport({ seed: 3, words: 40 });
const shown = (causes: CausesReport): string =>
  parsePage(auditReport.render({ ...full, causes })).text.replaceAll(/\s+/g, ' ');
const said = (causes: CausesReport): string[] =>
  auditReport
    .summarize({ ...full, causes })
    .summary.filter((sentence) => /^(One|No) (direction|shift)/.test(sentence));
const nothing: CausesReport = {
  ...createCauses(),
  ...{ verdict: null, chosen: null, difference: null, beside: null },
  ...{ layers: [], controls: [], doses: [], methods: [] },
};

describe('what carries the effect', () => {
  test('is in the heading where all criteria are met', () => {
    expect(shown(createCauses())).toContain(
      'One direction after layer 1 carries the effect, as far as it is in the activations',
    );
    expect(said(createCauses())).toEqual([
      'One direction after layer 1 carries the learned effect: without it, the tuned model loses 65 % of the part that runs through activations (25 % of the whole), and with it, the base gains 45 %, far more than random directions.',
    ]);
  });

  test('is not claimed where one is not, and the heading says which', () => {
    const causes = createCauses(['economy', 'difference']);
    expect(shown(causes)).toContain(
      'No direction passes all five criteria: not shown that it does more in the tuned model than in the base and it moves other predictions little',
    );
    const [sentence] = said(causes);
    expect(sentence).toMatch(/^No direction passes all five criteria of a cause\./);
    expect(sentence).toContain('it moves other predictions little');
    expect(sentence).not.toContain('carries');
  });

  test('is not sought where activations do not matter', () => {
    expect(shown(nothing)).toContain('Nothing of the effect was found in the activations');
    expect(said(nothing)).toEqual([
      'No shift of the expected feedback was found in the activations, so no cause was sought there.',
    ]);
  });

  test('stands beside its criteria, random directions and other ways of choosing', () => {
    const page = shown(createCauses(['controls']));
    expect(page).toContain('at most 50 % 45 % yes');
    expect(page).toContain('above 0 45 % more than they no');
    expect(page).toContain('median 5.0 %, 99th percentile 20.0 %'.replaceAll('.0', ''));
    expect(page).toContain('none does');
    expect(page).toContain('SAE features 1 20 % [15, 25] 30 % [25, 35] 0.0120 0.0080');
  });

  test('has no section where it was not looked for', () => {
    expect(auditReport.render(full)).not.toContain('id="causes"');
  });
});
