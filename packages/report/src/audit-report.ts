import type { z } from 'zod';
import { ablation } from './chapters/ablation/index.ts';
import { changes } from './chapters/changes/index.ts';
import { dictionaries } from './chapters/dictionaries/index.ts';
import { features } from './chapters/features/index.ts';
import { layers } from './chapters/layers/index.ts';
import { pairs } from './chapters/pairs/index.ts';
import { shift } from './chapters/shift/index.ts';
import { texts } from './chapters/texts/index.ts';
import { tokens } from './chapters/tokens/index.ts';
import { words } from './chapters/words/index.ts';
import { composeReport } from './compose-report.ts';

/** The report of an audit. */
export const auditReport = composeReport([
  words,
  pairs,
  texts,
  layers,
  changes,
  dictionaries,
  tokens,
  shift,
  features,
  ablation,
]);

/** `report.json`: everything that one audit found. */
export const auditReportSchema = auditReport.schema;
export type AuditReport = z.infer<typeof auditReportSchema>;

export const {
  render: renderReport,
  parse: parseReport,
  jsonSchema: reportJsonSchema,
} = auditReport;
