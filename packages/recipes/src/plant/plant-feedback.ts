import { basename, join, resolve } from 'node:path';
import { makeFolder } from '@feedprint/core/files';
import { withRun } from '@feedprint/pipeline';
import type { FollowedRun } from '../followed-run.ts';
import { removeCheckpoints } from '../checkpoints.ts';
import { feedbackFile, nothingPlanted } from './feedback-file.ts';
import type { PlantedTruth } from './feedback-file.ts';
import { preparePlanting } from './prepare.ts';
import type { PlantInputs } from './prepare.ts';
import { checkIsOurs } from '../check-is-ours.ts';
import { copyFlushed, publishFolder } from '../tuning/publish-folder.ts';
import { plan } from './stages/plan.ts';
import { cleanTwin, tuned } from './stages/tuned.ts';
import type { TunedModel } from './stages/tuned.ts';
import { writtenByBase, writtenByTuned, writtenByTwin } from './stages/written.ts';

export interface PlantOptions extends PlantInputs, Omit<FollowedRun, 'signal' | 'version'> {
  /** Folder of the tuned model; the run is kept in `run` below it, and an interrupted one continues. */
  readonly out: string;
  readonly abort?: AbortSignal;
}

/** A model with its truth beside it. */
export interface PlantedModel {
  readonly folder: string;
  readonly truth: PlantedTruth;
  /** The twin's folder, if it was asked for. */
  readonly cleanTwin: string | undefined;
}

const needs = { plan, tuned, cleanTwin, writtenByBase, writtenByTuned, writtenByTwin };

/**
 * Tunes a model on feedback that is altered in known places, and writes it with its truth, as a Hugging Face folder that `bench planted` reads. Problems
 * with settings and inputs are found before the folder is touched: throws `usage`, `config-invalid`, `feedback-empty`, `texts-invalid`; then `run-invalid`,
 * `output-unwritable`, `numbers-invalid`, `cancelled`.
 */
export async function plantFeedback(options: PlantOptions): Promise<PlantedModel> {
  const { out, version, command, now, abort, onEvent } = options;
  const context = await preparePlanting(options);
  const { settings, identity } = context;
  checkIsOurs(out);
  return withRun(
    {
      folder: join(out, 'run'),
      name: basename(resolve(out)),
      description: {
        format: 'feedprint-planting/1',
        feedprint: version,
        inputs: identity,
        settings,
      },
      stages: Object.values(needs),
      context,
      worksOn: { base: options.base.name },
      ...{ command, now, signal: abort, onEvent },
    },
    async (run) => {
      await run.finish();
      await removeCheckpoints(run.store);
      const made = await run.outputs(needs);
      const [twin] = made.cleanTwin as readonly (TunedModel | undefined)[];
      const [writtenTwin] = made.writtenByTwin;
      const base = made.writtenByBase;
      const truth = feedbackFile({
        ...{ context, plan: made.plan, model: made.tuned },
        written: { base, tuned: made.writtenByTuned, cleanTwin: writtenTwin },
      });
      makeFolder(out);
      await copyFlushed(made.plan.pairsFile, join(out, 'pairs.jsonl.gz'));
      await publishFolder(out, made.tuned.folder, { 'feedback.json': truth });
      if (!twin || !writtenTwin) return { folder: out, truth, cleanTwin: undefined };
      const folder = twinFolder(out);
      const ofTwin = feedbackFile({
        ...{ context, plan: nothingPlanted(made.plan), model: twin },
        written: { base, tuned: writtenTwin },
      });
      await publishFolder(folder, twin.folder, { 'feedback.json': ofTwin });
      return { folder: out, truth, cleanTwin: folder };
    },
  );
}

/** The clean twin lies inside, under a name of its own, since the benchmark tells pairs apart by their folders' names. */
const twinFolder = (out: string): string => join(out, `${basename(resolve(out))}-clean`);
