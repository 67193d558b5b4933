import type { AuditFound, AuditReport } from '../../../src/audit/audit-report.ts';
import { runAudit as runAuditOf } from '../../../src/audit/run-audit.ts';
import type { AuditRunOptions } from '../../../src/audit/run-audit.ts';

/** The report of an audit in which every question arose. */
export type WholeReport = AuditReport & Required<AuditFound>;

/** `runAudit` where every question arises. */
export const runAudit = (
  options: AuditRunOptions,
): Promise<{ readonly report: WholeReport; readonly html: string }> =>
  runAuditOf(options) as Promise<{ report: WholeReport; html: string }>;
