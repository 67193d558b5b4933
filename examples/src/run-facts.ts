import type { LanguageModel } from '@feedprint/core';
import type { RunFacts } from '@feedprint/report';

/** What a report says of its run, for a program that reads two models and no texts. */
export function factsOf(name: string, [base, tuned]: readonly LanguageModel[]): RunFacts {
  if (!base || !tuned) throw new Error('a report is of two models');
  const { architecture, layers, width } = base.info;
  return {
    schema: 'feedprint-report/1',
    feedprint: '0.1.0',
    name,
    createdAt: new Date().toISOString(),
    seconds: 0,
    models: {
      base: 'base',
      tuned: 'tuned',
      architecture,
      layers,
      width,
      parameters: [...base.parameters()].reduce((sum, { data }) => sum + data.length, 0),
      baseFingerprint: base.fingerprint,
      tunedFingerprint: tuned.fingerprint,
    },
    texts: { file: '', count: 0, tokens: 0, truncated: 0, scoredTokens: 0, unscoredWords: 0 },
    settings: {},
  };
}
