import type { AuditReport } from '@feedprint/recipes';
import { notFound, Refused } from '../http/respond.ts';
import { openRunFile, readRunText } from './run-folders.ts';
import type { RunFolder } from './run-folders.ts';

/** Reports that are kept parsed. */
const KEPT = 8;

const kept = new Map<string, { readonly stamp: string; readonly report: AuditReport }>();

/** The report of an audit, checked against its schema. Refuses for a run without one. */
export async function readReport(run: RunFolder): Promise<AuditReport> {
  const stamp = await stampOf(run);
  const known = kept.get(run.folder);
  if (known?.stamp === stamp) return known.report;
  const text = await readRunText(run, 'report.json');
  if (text === undefined) throw notFound('This run has no report yet.');
  const { auditReport } = await import('@feedprint/recipes'); // Heavy: loaded when first needed.
  const report = auditReport.parse(parse(text));
  kept.delete(run.folder);
  kept.set(run.folder, { stamp, report });
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return report;
}

async function stampOf(run: RunFolder): Promise<string> {
  const file = await openRunFile(run, 'report.json');
  if (!file) throw notFound('This run has no report yet.');
  try {
    const { mtimeMs, ino, size } = await file.stat();
    return `${mtimeMs} ${ino} ${size}`;
  } finally {
    await file.close();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused(422, 'run-invalid', 'The report of this run is no JSON.');
  }
}
