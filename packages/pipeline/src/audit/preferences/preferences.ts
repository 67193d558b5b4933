import { plainWord } from '@feedprint/core';
import type { Artifact } from '@feedprint/core';
import type { PairTruth, PreferenceAnalysis } from '@feedprint/probe';
import { seedOf } from '../context.ts';
import type { AuditContext } from '../context.ts';
import { readJson, writeJson } from '../files.ts';
import { readPairEvidence } from './evidence.ts';
import type { PreparedPairs } from './inputs.ts';

/** What was found in the pairs, and what is known to judge it by. */
export interface AuditPreferences extends PreferenceAnalysis {
  readonly truth: readonly PairTruth[];
}

/** Analyses the pairs; what the file knows of the tuner's labels is looked at when all else is done. */
export function preferencesStage(
  context: AuditContext,
  pairs: PreparedPairs,
  evidence: Artifact,
): Promise<Artifact> {
  const { parts, settings, models } = context;
  return context.runner.run({
    name: 'preferences',
    config: { seed: settings.seed, version: 2 },
    inputs: [evidence],
    work: async (folder, stage) => {
      const { statistics } = parts.preferences;
      const analysis = statistics.analyse({
        ...readPairEvidence(evidence, pairs.encoded),
        prompts: pairs.prompts,
        splits: pairs.splits,
        seed: seedOf(context, 'preferences'),
      });
      const agrees = pairs.records.map(({ trainedLabelAgrees }) => trainedLabelAgrees);
      const found: AuditPreferences = {
        ...analysis,
        truth: statistics.evaluate(analysis.pairs, agrees, pairs.splits),
      };
      await writeJson(folder, 'preferences.json', found);
      for (const { token } of analysis.words.filter(({ flagged }) => flagged).slice(0, 5)) {
        const word = plainWord(models.tuned.tokenizer.tokenText(token));
        stage.finding(`"${word}" was learned otherwise than the preferences say`);
      }
    },
  });
}

export const readPreferences = (artifact: Artifact): Promise<AuditPreferences> =>
  readJson(artifact, 'preferences.json');
