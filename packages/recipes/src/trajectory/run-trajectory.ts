import { rm } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { readRatings, readTexts } from '@feedprint/feedback';
import { hashOf, withRun, writeParquet } from '@feedprint/pipeline';
import { renderTrajectory } from '@feedprint/report';
import type { Trajectory } from '@feedprint/report';
import { known } from '../audit/known.ts';
import { partKeys } from '../audit/parts.ts';
import { parseAuditSettings } from '../audit/settings.ts';
import { composeTrajectory } from './compose.ts';
import { checkCheckpoints } from './check-checkpoints.ts';
import { baseFolder, openCheckpoint, stepName } from './look.ts';
import type { LookOptions, SavedCheckpoint } from './look.ts';
import { looks } from './looks.ts';
import type { FingerprintedCheckpoint, TrajectoryContext } from './looks.ts';
import { trajectoryTables } from './tables.ts';

/** Chance that a training in which nothing is learned beyond what was told raises an alarm at any look. */
export const usualAlpha = 0.05;

export interface TrajectoryOptions extends LookOptions {
  /** Folder of the run. */
  readonly out: string;
  readonly checkpoints: readonly SavedCheckpoint[];
  /** Steps of the whole training. Default: the last checkpoint's. */
  readonly steps?: number;
  /** Chance of a false alarm at any look. Default 0.05. */
  readonly alpha?: number;
  /** The command that makes it, for its report. */
  readonly command?: string;
}

export interface TrajectoryResult {
  readonly trajectory: Trajectory;
  /** Absolute path of report.html. */
  readonly html: string;
}

/**
 * The quick audit of every checkpoint of a training, and from all of them what was learned when: report.json, report.html and
 * tables in a run folder. What the base says is computed once. An interrupted run continues to the
 * same bytes. All problems with inputs are found before the folder is touched. Throws `usage` for checkpoints that do
 * not follow each other, and what `runAudit` throws.
 */
export async function runTrajectory(options: TrajectoryOptions): Promise<TrajectoryResult> {
  const {
    out,
    audits,
    base,
    told,
    alpha = usualAlpha,
    version,
    command,
    now,
    signal,
    onEvent,
  } = options;
  const checkpoints = checkCheckpoints(options.checkpoints);
  const { steps = (checkpoints.at(-1) as SavedCheckpoint).step } = options;
  const labelsTell = told === undefined;
  const context: TrajectoryContext = {
    options,
    labelsTell,
    checkpoints: await fingerprinted(options, checkpoints),
    identity: await identityOf(options),
  };
  return withRun(
    {
      folder: out,
      description: {
        format: 'feedprint-trajectory-run/1',
        feedprint: version,
        inputs: {
          base,
          ...Object.fromEntries(
            context.checkpoints.map(({ step, fingerprint }) => [`step ${step}`, fingerprint]),
          ),
        },
        settings: { ...parseAuditSettings(options.settings ?? {}), alpha, steps },
        identity: context.identity,
      },
      stages: [looks],
      context,
      ...{ command, now, signal, onEvent },
    },
    async ({ store, outputs }) => {
      const seen = await outputs({ looks });
      const trajectory = composeTrajectory({
        looks: seen.looks.map((one, i) => {
          const { step } = known(checkpoints[i], 'look');
          const audit = relative(out, join(audits, stepName(step)));
          return { step, audit, seen: one };
        }),
        about: {
          ...{ feedprint: version, name: basename(resolve(out)), base, steps, alpha, labelsTell },
          ...(command !== undefined && { command }),
        },
      });
      for (const { name, ...table } of trajectoryTables(trajectory)) {
        await writeParquet({ file: join(out, 'tables', `${name}.parquet`), ...table });
      }
      await store.publish('report.json', `${JSON.stringify(trajectory, null, 1)}\n`);
      await store.publish('report.html', renderTrajectory(trajectory));
      await rm(baseFolder(audits), { recursive: true, force: true });
      return { trajectory, html: join(store.folder, 'report.html') };
    },
  );
}

async function fingerprinted(
  options: LookOptions,
  checkpoints: readonly SavedCheckpoint[],
): Promise<FingerprintedCheckpoint[]> {
  const all: FingerprintedCheckpoint[] = [];
  for (const checkpoint of checkpoints) {
    const model = await openCheckpoint(options, checkpoint.folder);
    all.push({ ...checkpoint, fingerprint: model.fingerprint });
    await model.dispose();
  }
  return all;
}

/** A hash of everything but the checkpoints that decides what looks see. */
async function identityOf(options: LookOptions): Promise<string> {
  const { parts, base, texts, pairs, ratings, map, told, environment, version } = options;
  const model = await parts.loadModel(base, 'base');
  try {
    return hashOf({
      ...{ base: model.fingerprint, feedprint: version, environment, map },
      ...(texts !== undefined && { texts: (await readTexts(texts)).sha256 }),
      ...(pairs !== undefined && { pairs: (await parts.preferences.read(pairs, { map })).sha256 }),
      ...(ratings !== undefined && { ratings: (await readRatings(ratings)).sha256 }),
      ...(told && { told: [...told] }),
      ...{ feedback: parts.signal?.name, settings: parseAuditSettings(options.settings ?? {}) },
      parts: partKeys(parts),
    });
  } finally {
    await model.dispose();
  }
}
