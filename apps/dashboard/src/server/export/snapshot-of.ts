import { watchOf } from '../audits/watch-of.ts';
import type { DashboardContext } from '../context.ts';
import { notFound } from '../http/respond.ts';
import type { RunFolder } from '../runs/run-folders.ts';
import { auditCopy } from './audit-copy.ts';
import { trajectoryCopy } from './trajectory-copy.ts';

/** Answers of the server by what was asked for, and what it would have answered that is not among them. */
export interface Copy {
  readonly answers: Readonly<Record<string, unknown>>;
  /** In sentences. */
  readonly leftOut: readonly string[];
}

/** A page without a server. */
export interface Snapshot extends Copy {
  readonly run: string;
  /** The view that it opens with. */
  readonly view: 'audit' | 'trajectory';
  /** When it was made. */
  readonly at: string;
}

/** Everything that the page of a finished audit, a trajectory or a training with one asks for, but for live events and the models. Refuses for other runs. */
export async function snapshotOf(context: DashboardContext, run: RunFolder): Promise<Snapshot> {
  const { facts } = await context.reader.detail(run);
  const at = new Date().toISOString();
  if (facts.kind === 'audit') {
    if (facts.headline === null) throw notFound('This run has no report yet.');
    return { run: run.id, view: 'audit', at, ...(await auditCopy(context, run)) };
  }
  const trajectory = facts.kind === 'trajectory' ? run : await watchOf(context.folders, run);
  if (!trajectory) throw notFound('Only audits and trajectories can be copied.');
  const copy = await trajectoryCopy(context, { run, trajectory });
  return { run: run.id, view: 'trajectory', at, ...copy };
}
