import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { auditReport } from './audit-report.ts';
import type { AuditReport } from './audit-report.ts';

/** `report.json` of an audit's folder. Throws `run-invalid` if there is none, or one of another form. */
export async function readAuditReport(run: string): Promise<AuditReport> {
  const path = join(run, 'report.json');
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new FeedprintError({
      code: 'run-invalid',
      message: `${path} cannot be read as JSON`,
      remedy: 'name the folder of an audit (--run)',
      cause,
    });
  }
  return auditReport.parse(value);
}
