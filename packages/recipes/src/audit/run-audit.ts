import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunStore } from '@feedprint/core';
import { defineStages, stagesIn, writeParquet } from '@feedprint/pipeline';
import { publishModelSources } from '../questions/run-models.ts';
import { auditReport } from './audit-report.ts';
import type { AuditFound, AuditReport } from './audit-report.ts';
import type { AuditContext } from './context.ts';
import { figuresTable } from './figures-table.ts';
import type { Finding, Table } from './finding.ts';
import { findings, firstFindings } from './findings.ts';
import { intervalTables } from './interval-tables.ts';
import { withAudit } from './open-audit.ts';
import type { AuditOptions, OpenAudit } from './open-audit.ts';
import { reportFacts } from './report-facts.ts';
import { askedIn, neededBy, tellFindings } from './tell-findings.ts';

export interface AuditRunOptions extends AuditOptions {
  /**
   * Stop after the first findings: what the models' probabilities and weights say without any dictionary. The same
   * audit without it continues in the same folder.
   */
  readonly quick?: boolean;
  /** What the first findings are. Default: all that need no dictionary. */
  readonly first?: (context: AuditContext) => readonly Finding[];
  /** Called when the first findings are in the folder, before the others are computed. */
  readonly onFirst?: (result: AuditResult) => void;
}

export interface AuditResult {
  readonly report: AuditReport;
  /** Absolute path of report.html. */
  readonly html: string;
}

/**
 * Audits what a tuned model learned from its feedback, from two checkpoints to a report. The first findings are reported
 * as soon as they are there, then everything. Stages that an earlier start of the same run finished are reused, so that a
 * killed run, once continued, ends with the same bytes.
 */
export function runAudit(options: AuditRunOptions): Promise<AuditResult> {
  const { first: firstOf = firstFindings } = options;
  const later = options.quick ? [] : findings;
  const stages = defineStages((context: AuditContext) =>
    neededBy([...firstOf(context), ...later]).flatMap((need) => stagesIn(need, context)),
  );
  return withAudit(options, [stages], async (audit) => {
    const { store, finish } = audit.run;
    const html = join(store.folder, 'report.html');
    const { base, tuned, loading } = options;
    await publishModelSources(store, { base, tuned, ...loading });
    // Results of other settings must not stand beside these, nor in their place while they are made.
    if (options.overwrite) await removeResults(store.folder);
    const first = await tell(audit, options, firstOf(audit.context));
    // The whole report of an earlier start says more.
    if (!(await isWhole(store.folder))) await publish(store, first);
    options.onFirst?.({ report: first.report, html });
    if (options.quick) return { report: first.report, html };
    await finish();
    const whole = await tell(audit, options, findings);
    await publish(store, whole);
    return { report: whole.report, html };
  });
}

/** A report and what it was made from. */
interface Told {
  readonly report: AuditReport;
  readonly found: object;
  readonly tables: readonly Table[];
}

/** What is known once the stages of these findings are done; the others are named as still to come. */
async function tell(
  audit: OpenAudit,
  options: AuditOptions,
  known: readonly Finding[],
): Promise<Told> {
  const { parts, tables } = await tellFindings(audit, known);
  const pending = askedIn(audit.context, findings)
    .filter((finding) => !known.includes(finding))
    .flatMap(({ chapter }) => chapter.sections.map(({ name }) => name));
  const found = {
    ...(await reportFacts(audit, options)),
    ...(pending.length > 0 && { pending }),
    ...parts,
  } as AuditFound;
  const report = auditReport.parse({ ...found, ...auditReport.summarize(found) });
  return { report, found, tables };
}

async function publish(store: RunStore, { report, found, tables }: Told): Promise<void> {
  for (const { name, ...table } of [...tables, ...intervalTables(found), figuresTable(report)]) {
    await writeParquet({ file: join(store.folder, 'tables', `${name}.parquet`), ...table });
  }
  await store.publish('report.json', `${JSON.stringify(report, null, 1)}\n`);
  await store.publish('report.html', auditReport.render(report));
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
