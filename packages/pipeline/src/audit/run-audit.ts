import { join } from 'node:path';
import type { AuditReport, LanguageModel } from '@feedprint/core';
import { assembleReport } from './assemble-report.ts';
import { attributeStage } from './attribute.ts';
import { changeAttributionStage } from './change-attribution/change-attribution.ts';
import { changesStage, measuresOf, readChanges } from './changes/changes.ts';
import { writeChangeScores } from './changes/table.ts';
import { sizes } from './context.ts';
import type { AuditArtifacts } from './context.ts';
import { estimateStageNames, estimateStages } from './estimate-stages.ts';
import { readEstimate } from './estimate.ts';
import { featureDiscrepanciesStage } from './feature-discrepancies.ts';
import { writeFigures } from './figures-table.ts';
import { writeJson } from './files.ts';
import { writeIntervalTables } from './interval-tables.ts';
import { labelStage } from './label.ts';
import { matchStage } from './match.ts';
import { withAudit } from './open-audit.ts';
import type { AuditOptions, OpenAudit } from './open-audit.ts';
import { writeFeatureTables } from './feature-tables.ts';
import { pairStageNames, runPairStages } from './preferences/stages.ts';
import { repliesStage } from './replies.ts';
import { writeRepliesTable } from './replies-table.ts';
import { readShift, shiftStage, writeShiftTable } from './shift.ts';
import { writeSourceTables } from './source-tables.ts';
import { stageSeconds } from './stage-seconds.ts';
import { writeTables } from './tables.ts';
import { validateStage } from './validate.ts';

export interface AuditResult {
  readonly report: AuditReport;
  /** Absolute path of report.html. */
  readonly html: string;
}

/**
 * Audits what a tuned model learned from its feedback (DESIGN, section 5), from two checkpoints to a report. Stages that an
 * earlier start of the same run finished are taken over, so that a killed run ends with the same bytes.
 */
export const runAudit = (options: AuditOptions): Promise<AuditResult> =>
  withAudit(options, stageNames, runStages);

async function runStages(audit: OpenAudit): Promise<AuditResult> {
  const { options, name, texts, prepared, pairs, context, store, settings, now } = audit;
  const { parts } = options;
  await context.runner.run({
    name: 'diverge',
    config: { identity: context.identity, layers: context.settings.layers },
    inputs: [],
    work: (folder) => writeJson(folder, 'divergence.json', prepared.divergence),
  });
  const estimated = await estimateStages(audit, sizes);
  const { capture, saes, estimate } = estimated;
  const match = await matchStage(context, saes);
  const change = await changeAttributionStage(context, { match, saes });
  const attribute = await attributeStage(context, { capture, match, change, saes });
  const contradicting = await featureDiscrepanciesStage(context, { estimate, attribute, saes });
  const label = await labelStage(context, { attribute, contradicting, saes }, options.question);
  const validate = await validateStage(context, { capture, attribute, label, saes });
  const replies = await repliesStage(context, capture);
  const preferences = pairs && (await runPairStages(context, pairs, saes));
  const measures = measuresOf(context);
  const changes = measures && (await changesStage({ ...context, measures }));
  const shift = parts.shift && (await shiftStage(context, parts.shift));
  const artifacts: AuditArtifacts = {
    ...estimated,
    match,
    change,
    attribute,
    contradicting,
    label,
    validate,
    ...(changes && { changes }),
    replies,
    ...(shift && { shift }),
  };

  const { report, intervals } = await assembleReport(context, artifacts, {
    feedprint: options.version,
    name,
    createdAt: now().toISOString(),
    seconds: [...(await stageSeconds(store)).values()].reduce((sum, one) => sum + one, 0),
    parameters: countParameters(context.models.tuned),
    textsFile: texts.file,
    truncated: prepared.truncated,
    unscoredWords: prepared.unscoredWords,
    scoredTokens: prepared.occurrences.reduce((sum, count) => sum + count, 0),
    divergence: prepared.divergence,
    settings,
    preferences: preferences?.report ?? null,
  });
  await writeTables(report, await readEstimate(estimate), store.folder);
  await writeFeatureTables(context, artifacts, store.folder);
  await writeSourceTables(context, artifacts, store.folder);
  await writeIntervalTables(intervals, store.folder);
  await writeFigures(report, store.folder);
  await writeRepliesTable(replies, store.folder);
  if (changes) await writeChangeScores((await readChanges(changes)).scores, store.folder);
  await preferences?.writeTables(store.folder);
  if (shift) await writeShiftTable((await readShift(shift)).tokens, context, store.folder);
  await store.publish('report.json', `${JSON.stringify(report, null, 1)}\n`);
  await store.publish('report.html', parts.renderReport(report));
  store.append({ type: 'run-finished' });
  return { report, html: join(store.folder, 'report.html') };
}

const stageNames = ({ context, pairs }: Pick<OpenAudit, 'context' | 'pairs'>): string[] => [
  'diverge',
  ...estimateStageNames(context, sizes),
  'match',
  'change-attribution',
  'attribute',
  'feature-discrepancies',
  'label',
  'validate',
  'replies',
  ...(pairs ? pairStageNames : []),
  ...(measuresOf(context) ? ['changes'] : []),
  ...(context.parts.shift ? ['shift'] : []),
];

function countParameters(model: LanguageModel): number {
  let count = 0;
  for (const { shape, sameAs } of model.parameters()) {
    if (sameAs === undefined) count += shape.reduce((a, b) => a * b, 1);
  }
  return count;
}
