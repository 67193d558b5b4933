import { defineStages, stagesIn } from '@feedprint/pipeline';
import type { Need } from '@feedprint/pipeline';
import type { AuditContext } from './context.ts';
import type { Finding, Table } from './finding.ts';
import type { OpenAudit } from './open-audit.ts';

/** What findings report: their combined parts of report.json, and their tables. */
export interface Told {
  readonly parts: Readonly<Record<string, unknown>>;
  readonly tables: readonly Table[];
}

/** The findings whose questions arise in an audit. */
export const askedIn = (context: AuditContext, findings: readonly Finding[]): Finding[] =>
  findings.filter((finding) => finding.asks?.(context) ?? true);

/** Everything that findings are based on, for the run that is to make it. */
export const neededBy = (findings: readonly Finding[]): Need<AuditContext>[] =>
  findings.map(({ asks = () => true, needs }) =>
    defineStages((context: AuditContext) =>
      asks(context) ? Object.values(needs).flatMap((need) => stagesIn(need, context)) : [],
    ),
  );

/** Asks the findings about a run whose stages are done. */
export async function tellFindings(
  { context, run }: OpenAudit,
  findings: readonly Finding[],
): Promise<Told> {
  const parts: Record<string, unknown> = {};
  const tables: Table[] = [];
  for (const finding of askedIn(context, findings)) {
    const job = { context, needs: await run.outputs(finding.needs) };
    const part = await finding.report(job);
    Object.assign(parts, part);
    tables.push(...((await finding.tables?.(job, part)) ?? []));
  }
  return { parts, tables };
}
