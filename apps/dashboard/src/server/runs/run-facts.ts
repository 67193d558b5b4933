import { z } from 'zod';
import type { RunFacts, RunKind } from '../../api/responses.ts';
import { Refused } from '../http/respond.ts';
import { readTrajectory } from './read-trajectory.ts';
import { hasRunFile, readRunText, tableNames } from './run-folders.ts';
import type { RunFolder } from './run-folders.ts';

const kinds: Readonly<Record<string, RunKind>> = {
  'feedprint-run/1': 'audit',
  'feedprint-sae-run/1': 'saes',
  'feedprint-finetune-run/1': 'fine-tuning',
  'feedprint-reward-run/1': 'fine-tuning',
  'feedprint-trajectory-run/1': 'trajectory',
  'feedprint-planting/1': 'planting',
  'feedprint-prediction-run/1': 'prediction',
  'feedprint-label-run/1': 'labels',
  'feedprint-capture-run/1': 'capture',
  'feedprint-bench-run/1': 'benchmark',
};

const described = z.looseObject({
  format: z.string().optional(),
  settings: z.record(z.string(), z.unknown()).optional(),
});

/** As much of an audit's `report.json` as a list shows, of whatever version. */
const reported = z.looseObject({
  answer: z.looseObject({ sentence: z.string() }),
  models: z.looseObject({ base: z.string(), tuned: z.string() }),
  command: z.string().optional(),
});

/** What a run says of itself besides its events; what it does not say, or not readably, is null. */
export async function readRunFacts(run: RunFolder): Promise<RunFacts> {
  const description = await readLoosely(run, 'run.json', described);
  const report = await readLoosely(run, 'report.json', reported);
  const kind = kinds[description?.format ?? ''] ?? 'other';
  return {
    kind,
    settings: description?.settings ?? {},
    models: report ? { base: report.models.base, tuned: report.models.tuned } : null,
    headline: report?.answer.sentence ?? (kind === 'trajectory' ? await sentenceOf(run) : null),
    command: report?.command ?? null,
    hasReport: await hasRunFile(run, 'report.html'),
    tables: await tableNames(run),
  };
}

/** What a trajectory says first; null before it has a report. */
async function sentenceOf(run: RunFolder): Promise<string | null> {
  try {
    const report = await readTrajectory(run);
    const { trajectorySentence } = await import('@feedprint/report');
    return trajectorySentence(report);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

async function readLoosely<T>(
  run: RunFolder,
  name: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  try {
    return schema.safeParse(JSON.parse((await readRunText(run, name)) ?? 'null')).data;
  } catch {
    return undefined; // Not JSON: it says nothing.
  }
}
