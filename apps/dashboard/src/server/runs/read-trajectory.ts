import { join } from 'node:path';
import type { Trajectory as TrajectoryReport } from '@feedprint/report';
import type { Trajectory } from '../../api/trajectory.ts';
import { notFound, Refused } from '../http/respond.ts';
import { readRunText } from './run-folders.ts';
import type { FolderIndex, RunFolder } from './run-folders.ts';

/** The report of a trajectory, checked against its schema. Refuses for a run without one. */
export async function readTrajectory(run: RunFolder): Promise<TrajectoryReport> {
  const text = await readRunText(run, 'report.json');
  if (text === undefined) throw notFound('This run has no report yet.');
  const value = parse(text);
  if (value === undefined) throw invalid('The report of this run is no JSON.');
  const { trajectorySchema } = await import('@feedprint/report'); // Heavy: loaded when first needed.
  const parsed = trajectorySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.join('.') || 'its top';
  if (place === 'schema' || place === 'its top') {
    throw notFound('The report of this run is not that of a trajectory.');
  }
  throw invalid(`The report of this trajectory does not fit its format at ${place}.`);
}

const invalid = (message: string): Refused => new Refused(422, 'run-invalid', message);

/** What the page shows of it; the audits of its looks are runs of their own. */
export async function toTrajectory(
  report: TrajectoryReport,
  run: RunFolder,
  folders: FolderIndex,
): Promise<Trajectory> {
  const { trajectorySentence } = await import('@feedprint/report');
  const runs = new Map((await folders.list()).map(({ id, folder }) => [folder, id]));
  const { base, steps, alpha, alarm, looks, items } = report;
  return {
    sentence: trajectorySentence(report),
    ...{ base, steps, alpha },
    alarm: alarm && { step: alarm.step, items: alarm.items.map(({ inWords }) => inWords) },
    looks: looks.map(({ step, sentence, difference, wordsEffect, audit }) => ({
      ...{ step, sentence, difference, wordsEffect },
      run: runs.get(join(run.folder, audit)) ?? null,
    })),
    items: items.map(({ looks: seen, ...item }) => ({
      ...item,
      looks: seen.map(({ chance: _chance, ...look }) => look),
    })),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // No schema takes it.
  }
}
