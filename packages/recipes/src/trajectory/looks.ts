import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import type { StageContext } from '@feedprint/pipeline';
import type { RunEventInput } from '@feedprint/core';
import { look, stepName } from './look.ts';
import type { LookOptions, SavedCheckpoint } from './look.ts';
import { seenIn, seenSchema } from './seen.ts';

export interface FingerprintedCheckpoint extends SavedCheckpoint {
  readonly fingerprint: string;
}

/** What all looks of a trajectory share. */
export interface TrajectoryContext {
  readonly options: LookOptions;
  /** By rising step. */
  readonly checkpoints: readonly FingerprintedCheckpoint[];
  /** Whether what the labels reward counts as told. */
  readonly labelsTell: boolean;
  /** Hash of everything else that decides what looks see. */
  readonly identity: string;
}

/** A look at every checkpoint, in the order of the steps. */
export const looks = defineStages(({ checkpoints }: TrajectoryContext) =>
  checkpoints.map((checkpoint) =>
    defineStage({
      name: `look-${stepName(checkpoint.step)}`,
      needs: {},
      config: ({ identity, labelsTell }: TrajectoryContext) => ({
        ...{ identity, labelsTell, checkpoint: checkpoint.fingerprint },
      }),
      work: async ({ context: { options, labelsTell }, folder, stage }) => {
        const report = await look(
          { ...options, signal: stage.signal, onEvent: followAudit(stage) },
          checkpoint,
        );
        await writeJson(folder, 'seen.json', seenIn(report, labelsTell));
      },
      read: (folder) => readJson(folder, 'seen.json', seenSchema),
    }),
  ),
);

/** Tells how many stages of an audit are done. */
function followAudit(stage: StageContext): (event: RunEventInput) => void {
  let [done, all] = [0, 0];
  return (event) => {
    if (event.type === 'run-started') all = event.stages.length;
    if (event.type === 'stage-finished') stage.progress(++done, all, 'stages');
  };
}
