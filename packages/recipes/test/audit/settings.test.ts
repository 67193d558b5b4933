import { expect, test } from '@jest/globals';
import { parseAuditSettings } from '../../src/audit/settings.ts';

test('parseAuditSettings fills in defaults and keeps what is given', () => {
  expect(parseAuditSettings({ seed: 7 })).toMatchObject({ seed: 7, layers: 5, preset: 'default' });
});

test('parseAuditSettings takes the defaults of the preset, and what is given over them', () => {
  const paper = { widths: [1, 2], matched: 30, probeInput: 'reconstruction' };
  expect(parseAuditSettings({ preset: 'paper' })).toMatchObject(paper);
  expect(parseAuditSettings({}).probeInput).toBe('features');
  expect(parseAuditSettings({ preset: 'paper', probeInput: 'features' })).toMatchObject({
    ...paper,
    probeInput: 'features',
  });
});

test.each([
  [{ layers: 0 }, /layers/],
  [{ sampleTokens: 999 }, /sampleTokens/],
  [{ seed: -1 }, /seed/],
  [{ seed: 2 ** 32 }, /seed/],
  [{ widths: [1] }, /widths/],
  [{ preset: 'fast' }, /preset/],
  [{ sampletokens: 5 }, /sampletokens/],
  [null, /object/],
])('parseAuditSettings refuses %j in one line that names the key', (given, message) => {
  expect(() => parseAuditSettings(given)).toThrow(message);
  expect(() => parseAuditSettings(given)).toThrow(/^[^\n]*; correct them$/);
});
