import { describe, expect, test } from '@jest/globals';
import { createCauses } from '../../fixtures/create-causes.ts';
import { createReport } from '../../fixtures/create-report.ts';
import { parsePage } from '../../fixtures/page.ts';
import { auditReport } from '../../fixtures/whole-report.ts';
import type { AuditReport } from '../../fixtures/whole-report.ts';

const full = createReport({ seed: 3, words: 40 });
const shown = (report: AuditReport): string =>
  parsePage(auditReport.render(report)).text.replaceAll(/\s+/g, ' ');
const page = shown({ ...full, causes: createCauses() });
const without = shown({ ...full, verdict: { ...full.verdict, siblings: null } });

/** Without the whole page in the message. */
const expectShown = (text: string): void =>
  expect([text, page.includes(text)]).toEqual([text, true]);

describe('beside other tunings', () => {
  test('it is said which flags stay, and what each of them raises', () => {
    expectShown('1 of 2 flags stays beside 1 other tuning');
    expectShown('varies by 0.14 nats');
    expectShown('No longer flagged: "praise".');
    expectShown('models/demo-twin 0.82 [0.70, 0.90] learned 1: "delight"');
    expect(auditReport.summarize(full).answer.restsOn[1]).toBe(
      '1 other tuning on this feedback: a word’s shift varies by 0.14 nats from run to run; 1 of 2 flags stay',
    );
  });

  test('their directions stand beside that of the model', () => {
    expectShown('models/demo-twin 50 % [45, 55] 40 % [35, 45] 0.0120 0.0080');
  });

  test('nothing is said where there were none', () => {
    expect(without).not.toContain('other tuning');
  });
});

describe('in what the model writes', () => {
  test('words that are judged otherwise are named, where words are told and in a table of their own', () => {
    expectShown(
      'In what the model writes itself, "praise" is not flagged, and "ruin" is flagged besides.',
    );
    expectShown('flagged in the texts alone: "praise"');
    expectShown('correlate at 0.91 (ranks)');
    expect(/ruin 0\.00 \+0\.600 \+0\.400 ?\+0\.100 its own contexts/.test(page)).toBe(true);
    expect(/delight \+2\.00 0\.000 0\.000 ?– both/.test(page)).toBe(true);
  });

  test('nothing is said where it was not looked at, or where words are judged alike', () => {
    const { contexts } = full;
    const flagged = { both: ['delight'], textsOnly: [], ownOnly: [] };
    const alike = shown({ ...full, ...(contexts && { contexts: { ...contexts, flagged } }) });
    expect(alike).toContain('every word is judged alike');
    expect(alike).not.toContain('In what the model writes itself,');
  });
});

test('feature cards show what a feature does to the next token and how active it is', () => {
  expectShown('promotes wonderful suppresses awful');
  expect(auditReport.render(full)).toContain('Histogram of its activations at');
});

test('pooled probes stand beside their controls', () => {
  expectShown('tuned features 61.0 % [0.580, 0.640] length 52.0 %');
});
