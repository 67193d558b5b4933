import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandOf, flagOf, onSameModels, startedOtherwise } from '../src/commands.ts';
import { createReport } from './fixtures/create-report.ts';
import { minimalReport } from './fixtures/minimal-report.ts';
import { auditReport } from './fixtures/whole-report.ts';
import type { AuditReport } from './fixtures/whole-report.ts';

const command =
  'feedprint audit --base models/base --tuned models/tuned --texts texts.txt --feedback vader --out runs/one';
const full = { ...createReport({ seed: 4, words: 60, planted: 3 }), command };
const answerOf = (report: AuditReport) => auditReport.summarize(report).answer;

const verdicts = ['learned', 'reversed', 'unrelated', 'undecided'] as const;
const judged = (verdict: (typeof verdicts)[number], report: AuditReport = full): AuditReport => ({
  ...report,
  verdict: { ...report.verdict, words: { ...report.verdict.words, verdict } },
  words: report.words.map((word) => ({ ...word, flagged: word.flagged && verdict === 'learned' })),
});
const clean = { ...full, words: full.words.map((word) => ({ ...word, flagged: false })) };

describe('the answer', () => {
  test.each([
    [
      'learned, with exceptions',
      full,
      'The model learned the feedback it was given, except for 3 words, which it learned the other way round.',
    ],
    [
      'learned',
      clean,
      'The model learned the feedback it was given, and no word against it, as far as 2,000 texts can show.',
    ],
    [
      'reversed',
      judged('reversed'),
      'The model learned the opposite of this feedback. Check the sign of the reward, or that base and tuned are not swapped.',
    ],
    [
      'unrelated',
      judged('unrelated'),
      'What changed between these models has nothing to do with this feedback.',
    ],
    [
      'undecided',
      judged('undecided'),
      'Whether the model learned this feedback cannot be told from 2,000 texts with 60 scored words.',
    ],
  ])('%s: is one sentence of 25 words without statistics', (_, report, sentence) => {
    const said = answerOf(report).sentence;
    expect(said).toBe(sentence);
    expect(said.split(' ').length).toBeLessThanOrEqual(25);
    expect(said).not.toMatch(/\d\.\d|%|[=[\]]/);
  });

  test.each([
    ['exceptions', full, '--pairs PAIRS'],
    ['nothing against it', clean, '--texts MORE-TEXTS'],
    ['the opposite', judged('reversed'), '--base models/tuned --tuned models/base'],
    ['nothing to do with it', judged('unrelated'), '--feedback LEXICON'],
    ['no telling', judged('undecided'), '--texts MORE-TEXTS'],
  ])('names a command to go on with: %s', (_, { preferences: _pairs, ...report }, said) => {
    const { next } = answerOf(report);
    expect(next[0]?.command).toMatch(/^feedprint audit --base models\//);
    expect(next[0]?.command).toContain(said);
    expect(next[0]?.command).toMatch(/ --out runs\/one-2$| --out runs\/one-2 /);
  });

  test('has three lines of a kind at most, each without more than three numbers, and always a step to take', () => {
    for (const report of [full, clean, minimalReport(), ...verdicts.map((each) => judged(each))]) {
      const { restsOn, notVisible, next } = answerOf(report);
      expect(next.length).toBeGreaterThan(0);
      for (const lines of [restsOn, notVisible, next]) expect(lines.length).toBeLessThanOrEqual(3);
    }
  });

  test('of the first findings goes on with the rest first', () => {
    const { next } = answerOf({ ...full, pending: ['Features'], command: `${command} --quick` });
    expect(next[0]).toEqual({ what: 'compute the rest: features', command });
    expect(auditReport.render({ ...full, pending: ['Features'] })).toContain('Still to come');
    expect(auditReport.render(full)).not.toContain('Still to come');
  });

  test('of the embedded models names none of their files', () => {
    const demo = answerOf({ ...full, command: 'feedprint demo' });
    expect(demo.next.map((step) => step.command)).toEqual([
      'feedprint audit --base BASE --tuned TUNED --texts TEXTS --feedback vader --out runs/mine',
    ]);
  });
});

describe('a command', () => {
  test('is read as a shell reads it, and written so that a shell reads the same', () => {
    fc.assert(
      fc.property(
        fc
          .string({ unit: 'grapheme', minLength: 1 })
          .filter((text) => !/^--|[\r\n]/.test(text) && text.trim() === text),
        (value) => {
          const typed = commandOf('audit', { base: value, quick: true, out: 'runs/x' });
          expect(flagOf({ command: typed }, 'base')).toBe(value);
          expect(startedOtherwise({ command: typed }, {})).toBe(
            commandOf('audit', { base: value, out: 'runs/x' }),
          );
        },
      ),
    );
  });

  test('on the same models has those of an adapter', () => {
    const adapted = 'feedprint audit --base b --adapter a --texts t --out o --offline';
    expect(onSameModels('shift', { command: adapted })).toBe(
      'feedprint shift --base b --adapter a --offline --texts t',
    );
  });

  test('that is not known leaves names to fill in', () => {
    expect(flagOf({}, 'base')).toBe('BASE');
    expect(startedOtherwise({}, { pairs: 'PAIRS' })).toBe('feedprint audit --pairs PAIRS');
    expect(
      startedOtherwise({ command: 'feedprint audit --siblings a b --out x' }, { out: 'y' }),
    ).toBe('feedprint audit --siblings a b --out y');
    expect(flagOf({ command: "feedprint audit --base='my models/a'" }, 'base')).toBe('my models/a');
  });
});
