import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeParquet } from '@feedprint/pipeline';
import { auditReport } from './audit-report.ts';
import type { AuditFound, AuditReport } from './audit-report.ts';
import { figuresTable } from './figures-table.ts';
import { findings } from './findings.ts';
import { intervalTables } from './interval-tables.ts';
import { withAudit } from './open-audit.ts';
import type { AuditOptions } from './open-audit.ts';
import { reportFacts } from './report-facts.ts';
import { neededBy, tellFindings } from './tell-findings.ts';

export interface AuditResult {
  readonly report: AuditReport;
  /** Absolute path of report.html. */
  readonly html: string;
}

/**
 * Audits what a tuned model learned from its feedback, from two checkpoints to a report. Stages that an earlier start
 * of the same run finished are reused, so that a killed run, once continued, ends with the same bytes.
 */
export const runAudit = (options: AuditOptions): Promise<AuditResult> =>
  withAudit(options, neededBy(findings), async (audit) => {
    const { store, finish } = audit.run;
    // Results of other settings must not stand beside these, nor in their place while they are made.
    if (options.overwrite) await removeResults(store.folder);
    await finish();
    const { parts, tables } = await tellFindings(audit, findings);
    const found = { ...(await reportFacts(audit, options)), ...parts } as AuditFound;
    const report = auditReport.parse({ ...found, summary: auditReport.summarize(found) });
    for (const { name, ...table } of [...tables, ...intervalTables(found), figuresTable(report)]) {
      await writeParquet({ file: join(store.folder, 'tables', `${name}.parquet`), ...table });
    }
    await store.publish('report.json', `${JSON.stringify(report, null, 1)}\n`);
    await store.publish('report.html', auditReport.render(report));
    return { report, html: join(store.folder, 'report.html') };
  });

async function removeResults(folder: string): Promise<void> {
  for (const name of ['report.html', 'report.json', 'tables']) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}
