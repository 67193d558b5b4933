import type { JudgedProperty, PropertyAnalysis } from '@feedprint/probe';
import { expect, test } from '@jest/globals';
import { replyVerdictOf } from '../../../src/audit/properties/reply-verdict.ts';

const column = (effect: number) => ({ effect, low: effect - 0.1, high: effect + 0.1, q: 0, n: 9 });

const property = (changes: Partial<JudgedProperty>): JudgedProperty => ({
  name: 'length',
  deviation: 1,
  told: null,
  declared: null,
  asked: null,
  inData: column(0),
  learned: column(1),
  behaves: column(1),
  alone: { inData: 0, learned: 0 },
  share: null,
  score: 0,
  verdict: 'not-learned',
  flagged: false,
  settled: true,
  partner: null,
  placebo: null,
  dealt: null,
  ...changes,
});

const asLabelled = property({ verdict: 'in-data-and-learned', flagged: true, inData: column(1) });
const besides = property({ verdict: 'learned-not-in-data', flagged: true });
const missing = property({ verdict: 'in-data-not-learned', inData: column(1) });
const against = property({ ...besides, inData: column(-1) });
const nothing = property({});
const asTold = property({ verdict: 'told', asked: 1, declared: 1 });

const verdict = (
  properties: readonly JudgedProperty[],
  { replies = 600, explains = 0.1 }: { readonly replies?: number; readonly explains?: number } = {},
) => {
  const placebos = [{ name: 'temperature', explains }];
  const analysis: PropertyAnalysis = { properties, difference: column(9), placebos, factor: null };
  return replyVerdictOf(analysis, replies);
};

test.each([
  ['learned', verdict([asLabelled, missing])],
  ['learned', verdict([asTold, besides])],
  ['as-told', verdict([asTold, nothing])],
  ['reversed', verdict([against, nothing])],
  ['reversed', verdict([property({ ...besides, asked: -1 })])],
  ['learned', verdict([against, asLabelled])],
  [
    'learned',
    verdict([property({ ...against, name: 'tokens', partner: 'length' }), against, asLabelled]),
  ],
  ['not-learned', verdict([missing, nothing])],
  ['not-learned', verdict([property({ asked: -1 })])],
  ['nothing-found', verdict([property({ asked: -1, settled: false })])],
  ['nothing-found', verdict([nothing])],
  ['unrelated', verdict([missing, nothing], { explains: 0.8 })],
  ['learned', verdict([asLabelled], { explains: 0.8 })],
  ['no-answer', verdict([asLabelled], { replies: 30 })],
  ['no-answer', verdict([property({ learned: null })])],
])('the properties together say: %s', (wanted, found) => {
  expect(found).toBe(wanted);
});
