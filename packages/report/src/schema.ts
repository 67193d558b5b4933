import { auditReportSchema, FeedprintError } from '@feedprint/core';
import type { AuditReport } from '@feedprint/core';
import { z } from 'zod';

/** The JSON Schema (draft 2020-12) of `report.json`, as published in `report.schema.json`. */
export function reportJsonSchema(): Record<string, unknown> {
  return {
    title: 'Feedprint audit report',
    ...z.toJSONSchema(auditReportSchema, { io: 'output' }),
  };
}

/** The contents of a `report.json`, checked. Throws `run-invalid`, naming the first place that does not fit. */
export function parseReport(value: unknown): AuditReport {
  const result = auditReportSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new FeedprintError({
    code: 'run-invalid',
    message: `the report does not fit its format at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unknown'}`,
    remedy: 'write it again with this version of Feedprint',
    cause: result.error,
  });
}
