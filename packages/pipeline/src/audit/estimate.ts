import { join } from 'node:path';
import { matrix, openSafetensors } from '@feedprint/core';
import type {
  Artifact,
  EstimationInput,
  Matrix,
  StatedLine,
  WordDiscrepancy,
  WordEvidence,
} from '@feedprint/core';
import type { AgreementReport } from '@feedprint/report/chapters/words';
import { readContrast } from './contrast.ts';
import { seedOf } from './context.ts';
import type { AuditContext } from './context.ts';
import { readFeatures } from './features.ts';
import { readJson, writeJson } from './files.ts';
import { judge } from './judge.ts';
import type { EstimatedFigures } from './judge.ts';
import { readUntrained } from './untrained.ts';
import { toEvidence } from './versions.ts';

export interface AuditEstimate {
  /** In the audit's order of words. */
  readonly words: readonly WordDiscrepancy[];
  /** The line that they were judged by. */
  readonly line: StatedLine | null;
  /** The main estimator first. */
  readonly estimators: readonly AgreementReport[];
  /** What every estimator, followed by its controls, says about every word. */
  readonly figures: readonly EstimatedFigures[];
}

/** Estimates what was learned, compares it with what was stated, and finds the words for which they contradict. */
export function estimateStage(
  context: AuditContext,
  occurrences: Int32Array,
  inputs: {
    readonly capture: Artifact;
    readonly features: Artifact;
    readonly untrained: Artifact;
    readonly contrast: Artifact;
  },
): Promise<Artifact> {
  const { parts, settings } = context;
  return context.runner.run({
    name: 'estimate',
    config: {
      estimators: parts.estimators.map(({ name }) => name),
      seed: settings.seed,
      occurrences: Array.from(occurrences),
    },
    inputs: [inputs.capture, inputs.features, inputs.untrained, inputs.contrast],
    work: async (folder, stage) => {
      const words = wordEvidence(context, occurrences, inputs.capture);
      const { features, activations, text } = readFeatures(inputs.features);
      const untrained = await readUntrained(inputs.untrained);
      const contrast = await readContrast(inputs.contrast);
      const seed = seedOf(context, 'estimate');
      const input: EstimationInput = {
        words,
        averaged: occurrences.map((n) => Math.min(n, settings.occurrences)),
        features: { ...features, untrained: untrained.features },
        activations: { ...activations, untrained: untrained.activations },
        text,
        contrast: {
          ...contrast,
          untrained: untrained.versions && toEvidence(untrained.versions, contrast.tuned.word),
        },
        seed,
      };
      const judged = parts.estimators.map((estimator, i) => {
        const one = judge(estimator.estimate(input), words, parts.statistics, seed);
        stage.progress(i + 1, parts.estimators.length, 'estimators');
        return one;
      });
      const estimate: AuditEstimate = {
        words: parts.statistics.discrepancies(words),
        line: parts.statistics.statedLine(words) ?? null,
        estimators: judged.map(({ report }) => report),
        figures: judged.flatMap(({ figures }) => figures),
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
