import { auditReport } from '@feedprint/recipes';
import type { AuditFound, AuditReport } from '@feedprint/recipes';

/** The report of an audit in which every question arose. */
export type WholeReport = AuditReport & Required<AuditFound>;

/** Checks a `report.json` of such an audit. */
export const parseWhole = (json: unknown): WholeReport => auditReport.parse(json) as WholeReport;
