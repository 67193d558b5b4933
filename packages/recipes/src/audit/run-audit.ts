import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunStore } from '@feedprint/core';
import { stagesIn, writeParquet } from '@feedprint/pipeline';
import type { ComposedReport, RunFacts, Summary } from '@feedprint/report';
import { auditReport, firstReport } from './audit-report.ts';
import type { AuditFound, AuditReport, FirstFound, FirstReport } from './audit-report.ts';
import { figuresTable } from './figures-table.ts';
import type { Finding, Table } from './finding.ts';
import { findings, firstFindings } from './findings.ts';
import { intervalTables } from './interval-tables.ts';
import { withAudit } from './open-audit.ts';
import type { AuditOptions, OpenAudit } from './open-audit.ts';
import { reportFacts } from './report-facts.ts';
import { neededBy, tellFindings } from './tell-findings.ts';

export interface AuditRunOptions extends AuditOptions {
  /**
   * Stop after the first findings: what the models' probabilities and weights say without any dictionary. The same
   * audit without it continues in the same folder.
   */
  readonly quick?: boolean;
  /** Called when the first findings are in the folder, before the others are computed. */
  readonly onFirst?: (result: AuditResult<FirstReport>) => void;
}

export interface AuditResult<Report = AuditReport> {
  readonly report: Report;
  /** Absolute path of report.html. */
  readonly html: string;
}

/**
 * Audits what a tuned model learned from its feedback, from two checkpoints to a report. The first findings are reported
 * as soon as they are there, then everything. Stages that an earlier start of the same run finished are reused, so that a
 * killed run, once continued, ends with the same bytes.
 */
export function runAudit(
  options: AuditRunOptions & { readonly quick?: false },
): Promise<AuditResult>;
export function runAudit(options: AuditRunOptions): Promise<AuditResult<FirstReport>>;
export function runAudit(options: AuditRunOptions): Promise<AuditResult<FirstReport>> {
  const later = options.quick ? [] : findings;
  return withAudit(options, neededBy([...firstFindings, ...later]), async (audit) => {
    const { store, finish } = audit.run;
    const html = join(store.folder, 'report.html');
    // Results of other settings must not stand beside these, nor in their place while they are made.
    if (options.overwrite) await removeResults(store.folder);
    const first = await tellFirst(audit, options);
    // The whole report of an earlier start says more.
    if (!(await isWhole(store.folder))) await publish(store, firstReport, first);
    options.onFirst?.({ report: first.report, html });
    if (options.quick) return { report: first.report, html };
    await finish();
    const { parts, tables } = await tellFindings(audit, findings);
    const found = { ...(await reportFacts(audit, options)), ...parts } as AuditFound;
    const report = auditReport.parse({ ...found, ...auditReport.summarize(found) });
    await publish(store, auditReport, { report, found, tables });
    return { report, html };
  });
}

/** A report and what it was made from. */
interface Told<Report> {
  readonly report: Report;
  readonly found: object;
  readonly tables: readonly Table[];
}

async function tellFirst(audit: OpenAudit, options: AuditOptions): Promise<Told<FirstReport>> {
  const { parts, tables } = await tellFindings(audit, firstFindings);
  const facts = { ...(await reportFacts(audit, options)), pending: stillToCome(audit) };
  const found = { ...facts, ...parts } as FirstFound;
  return {
    report: firstReport.parse({ ...found, ...firstReport.summarize(found) }),
    found,
    tables,
  };
}

/** Names of the sections of the findings that are not among the first, but for those that this audit has no stages for. */
const stillToCome = ({ context }: OpenAudit): string[] =>
  findings
    .filter((finding: Finding) => !(firstFindings as readonly Finding[]).includes(finding))
    .filter(({ needs }: Finding) =>
      Object.values(needs).some((need) => stagesIn(need, context).length > 0),
    )
    .flatMap(({ chapter }) => chapter.sections.map(({ name }) => name));

async function publish<Found extends RunFacts>(
  store: RunStore,
  { render }: ComposedReport<Found>,
  { report, found, tables }: Told<Found & Summary>,
): Promise<void> {
  for (const { name, ...table } of [...tables, ...intervalTables(found), figuresTable(report)]) {
    await writeParquet({ file: join(store.folder, 'tables', `${name}.parquet`), ...table });
  }
  await store.publish('report.json', `${JSON.stringify(report, null, 1)}\n`);
  await store.publish('report.html', render(report));
}

/** Whether the folder holds the report of all findings. */
async function isWhole(folder: string): Promise<boolean> {
  try {
    const report: unknown = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'));
    return typeof report === 'object' && report !== null && !('pending' in report);
  } catch {
    return false;
  }
}

async function removeResults(folder: string): Promise<void> {
  for (const name of ['report.html', 'report.json', 'tables']) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}
