import { join } from 'node:path';
import { matrix, openSafetensors } from '@feedprint/core';
import type {
  Agreement,
  AgreementReport,
  Artifact,
  EstimatorResult,
  Matrix,
  WordDiscrepancy,
  WordEvidence,
} from '@feedprint/core';
import { readContrast } from './contrast.ts';
import { seedOf } from './context.ts';
import type { AuditContext } from './context.ts';
import { readFeatures } from './features.ts';
import { readJson, writeJson } from './files.ts';

export interface AuditEstimate {
  /** In the audit's order of words. */
  readonly words: readonly WordDiscrepancy[];
  /** The main estimator first. */
  readonly estimators: readonly AgreementReport[];
  /** Each estimator's value for every word, null where it has none; same order. */
  readonly estimates: readonly (readonly (number | null)[])[];
}

/** Estimates what was learned, compares it with what was stated, and finds the words for which they contradict. */
export function estimateStage(
  context: AuditContext,
  occurrences: Int32Array,
  inputs: { readonly capture: Artifact; readonly features: Artifact; readonly contrast: Artifact },
): Promise<Artifact> {
  const { parts, settings } = context;
  return context.runner.run({
    name: 'estimate',
    config: {
      estimators: parts.estimators.map(({ name }) => name),
      seed: settings.seed,
      occurrences: Array.from(occurrences),
    },
    inputs: [inputs.capture, inputs.features, inputs.contrast],
    work: async (folder, stage) => {
      const words = wordEvidence(context, occurrences, inputs.capture);
      const features = readFeatures(inputs.features);
      const contrast = await readContrast(inputs.contrast);
      const seed = seedOf(context, 'estimate');
      const stated = words.map((word) => word.stated);
      const results: EstimatorResult[] = [];
      for (const estimator of parts.estimators) {
        results.push(estimator.estimate({ words, features, contrast, seed }));
        stage.progress(results.length, parts.estimators.length, 'estimators');
      }
      const judge = (estimates: ArrayLike<number>, against: ArrayLike<number>): Agreement =>
        parts.statistics.agreement(estimates, against, seed);
      const estimate: AuditEstimate = {
        words: parts.statistics.discrepancies(words),
        estimators: results.map(({ estimator, description, estimates, controls }) => ({
          ...judge(estimates, stated),
          estimator,
          description,
          controls: controls.map((control) => ({
            ...judge(control.estimates, control.stated ?? stated),
            control: control.control,
            description: control.description,
          })),
        })),
        estimates: results.map(({ estimates }) =>
          Array.from(estimates, (value) => (Number.isNaN(value) ? null : value)),
        ),
      };
      await writeJson(folder, 'estimate.json', estimate);

      for (const word of flaggedFirst(estimate.words).slice(0, 5)) {
        stage.finding(
          `"${word.word}" was learned against its stated feedback (${signed(word.stated)})`,
        );
      }
    },
  });
}

export const readEstimate = (artifact: Artifact): Promise<AuditEstimate> =>
  readJson(artifact, 'estimate.json');

export const flaggedFirst = (words: readonly WordDiscrepancy[]): WordDiscrepancy[] =>
  words.filter(({ flagged }) => flagged).sort((a, b) => b.score - a.score);

export const signed = (value: number): string => `${value > 0 ? '+' : ''}${value}`;

function wordEvidence(
  context: AuditContext,
  occurrences: Int32Array,
  capture: Artifact,
): WordEvidence[] {
  const { words, rows, parts } = context;
  const file = openSafetensors(join(capture.folder, 'log-probs.safetensors'));
  try {
    const counts = (name: string): Matrix =>
      matrix(rows.length, words.length, file.readFloats(name));
    const base = counts('counts.base');
    const implied = parts.statistics.impliedReward({ base, tuned: counts('counts.tuned') });
    const contexts = rows.reduce((sum, row) => sum + row.length - 1, 0);
    return words.map(({ id, word, stated }, i) => {
      const reward = implied[i] as (typeof implied)[number];
      return {
        word,
        token: id,
        stated,
        ...reward,
        n: occurrences[i] as number,
        baseLogProb: Math.log(reward.expectedCount / contexts),
      };
    });
  } finally {
    file.close();
  }
}
