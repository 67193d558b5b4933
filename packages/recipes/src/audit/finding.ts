import type { ColumnType, Needs, OutputsOf, TableRow } from '@feedprint/pipeline';
import type { Chapter, PartOf } from '@feedprint/report';
import type { AuditContext } from './context.ts';

/** A table that a finding leaves, as `tables/<name>.parquet`. */
export interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly rows: Iterable<TableRow>;
}

/** What a finding is reported from. */
export interface FindingJob<N> {
  readonly context: AuditContext;
  /** What its stages left. */
  readonly needs: OutputsOf<N>;
}

/**
 * One question that an audit answers: the stages that it is based on, its part of the report, its tables. The stages
 * run because they are needed here; the chapter of the same name presents the part in words and pictures.
 */
export interface Finding<
  N extends Needs<AuditContext> = Needs<AuditContext>,
  C extends Chapter = Chapter,
> {
  readonly chapter: C;
  /**
   * Whether the question arises in an audit; always, if left out. Where it does not, the audit has none of what follows: no stage
   * for it, no part of report.json, no table, no chapter.
   */
  asks?(context: AuditContext): boolean;
  readonly needs: N;
  /** Its part of report.json. */
  report(job: FindingJob<N>): PartOf<C> | Promise<PartOf<C>>;
  /** What its figures are computed from. */
  tables?(job: FindingJob<N>, part: PartOf<C>): readonly Table[] | Promise<readonly Table[]>;
}

/** A finding as a value. */
export const defineFinding = <N extends Needs<AuditContext>, C extends Chapter>(
  finding: Finding<N, C>,
): Finding<N, C> => finding;
