import { basename, join, resolve } from 'node:path';
import type { CheckpointModel } from '@feedprint/activations';
import { FeedprintError, createRandom } from '@feedprint/core';
import type { TokenRows } from '@feedprint/core';
import type { PolicyEvaluation, RewardFunction, SavedDtype, Trainable } from '@feedprint/finetune';
import { hashOf, withRun } from '@feedprint/pipeline';
import type { FollowedRun } from '../followed-run.ts';
import { removeCheckpoints } from '../checkpoints.ts';
import type { Watch } from '../trajectory/create-watch.ts';
import type { TrajectoryResult } from '../trajectory/run-trajectory.ts';
import { publishFolder } from '../tuning/publish-folder.ts';
import { savedSteps } from '../tuning/saved-steps.ts';
import { checkIsOurs } from '../check-is-ours.ts';
import type { RewardContext } from './context.ts';
import type { RewardSettings } from './settings.ts';
import { train } from './train.ts';

export interface TuneOnRewardOptions extends FollowedRun {
  readonly model: CheckpointModel;
  /** Token ids of the prompts; some are held out. Each leaves room for a reply. */
  readonly prompts: TokenRows;
  /** What is rewarded; its name decides, with the settings, whether a run can continue. */
  readonly reward: { readonly name: string; readonly of: RewardFunction };
  readonly settings: RewardSettings;
  readonly trainable: Trainable;
  /** Share of the prompts that the model is only evaluated on. */
  readonly heldOut: number;
  readonly seed: number;
  readonly threads: number | undefined;
  readonly dtype: SavedDtype;
  /** Steps (iterations of PPO) between models that are saved in `steps` below `out`. Default: none. */
  readonly saveEvery?: number;
  /** Looks at the model every so many steps, saved as by `saveEvery`. Default: nothing does. */
  readonly watch?: Watch;
  /** Folder of the tuned model; the run is kept in `run` below it, and an interrupted one continues. */
  readonly out: string;
}

/** A model tuned on rewards. */
export interface RewardTuned {
  readonly folder: string;
  readonly before: PolicyEvaluation;
  readonly after: PolicyEvaluation;
  /** What was learned when, where it was watched. */
  readonly watched?: TrajectoryResult;
}

/** Most held-out prompts. */
const HELD_OUT = 500;

/**
 * Tunes a model on rewards for replies that it writes itself, as a run in a folder. Throws `texts-invalid` for fewer than two prompts; then `run-invalid`,
 * `output-unwritable`, `numbers-invalid`, `cancelled`.
 */
export function tuneOnReward(options: TuneOnRewardOptions): Promise<RewardTuned> {
  const { out, version, command, now, signal, onEvent, reward, ...shared } = options;
  const { model, settings, trainable, seed, threads, dtype } = shared;
  const prompts = holdOut(options);
  const identity = {
    ...{ feedprint: version, threads, reward: reward.name, model: model.fingerprint },
    prompts: hashOf(
      [prompts.train, prompts.heldOut].map((rows) => rows.map((row) => Array.from(row))),
    ),
  };
  const context: RewardContext = {
    ...{ model, settings, trainable, seed, threads, dtype, prompts, identity },
    reward: reward.of,
    ...{ saveEvery: options.saveEvery, watch: options.watch, steps: join(out, 'steps') },
  };
  checkIsOurs(out);
  return withRun(
    {
      folder: join(out, 'run'),
      name: basename(resolve(out)),
      description: {
        format: 'feedprint-reward-run/1',
        inputs: identity,
        settings: { ...settings, trainable, seed, dtype },
      },
      stages: [train],
      context,
      worksOn: { model: model.name, reward: reward.name },
      ...{ command, now, signal, onEvent },
    },
    async (run) => {
      await run.finish();
      const { train: made } = await run.outputs({ train });
      const { folder, before, after, history, steps } = made;
      await publishFolder(out, folder, {
        'finetune.json': {
          ...{ base: model.name, reward: reward.name, settings, trainable, seed },
          ...{
            prompts: prompts.train.length,
            heldOut: prompts.heldOut.length,
            before,
            after,
            history,
          },
        },
      });
      await removeCheckpoints(run.store);
      const watched = await context.watch?.finish(
        savedSteps(context.steps, steps, context.watch.every),
        steps,
      );
      return { folder: out, before, after, ...(watched && { watched }) };
    },
  );
}

function holdOut({ prompts, heldOut, seed }: TuneOnRewardOptions): RewardContext['prompts'] {
  const order = createRandom(seed)
    .fork('held-out prompts')
    .shuffle([...prompts]);
  const count = Math.min(HELD_OUT, Math.max(1, Math.round(heldOut * order.length)));
  if (order.length > count) return { heldOut: order.slice(0, count), train: order.slice(count) };
  throw new FeedprintError({
    code: 'texts-invalid',
    message: `${prompts.length} prompts are too few to hold some out`,
    remedy: 'give at least two',
  });
}
