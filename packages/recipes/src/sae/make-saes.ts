import { basename, join, resolve } from 'node:path';
import { withRun } from '@feedprint/pipeline';
import type { Stage } from '@feedprint/pipeline';
import type { FollowedRun } from '../followed-run.ts';
import { checkIsOurs } from '../check-is-ours.ts';
import { removeCheckpoints } from '../checkpoints.ts';
import { sitesOf } from './context.ts';
import type { SaeContext } from './context.ts';
import type { EvaluatedSaes } from './evaluate/evaluated-saes.ts';
import { publishSaes } from './publish.ts';
import type { PublishedSae } from './publish.ts';
import type { SaeModels } from './rows.ts';
import { textsFingerprint } from './texts.ts';
import type { SaeTexts } from './texts.ts';
import type { TrainedSaes } from './trained-saes.ts';

/** Where a run that makes SAEs is kept, and how it is observed. */
export interface SaeRunOptions extends FollowedRun {
  /** Folder of the SAEs; the run is kept in `run` below it, and an interrupted one continues. */
  readonly out: string;
  /**
   * What else may change the last bits of a number, such as the number of threads: stated in run.json and part of every
   * stage's key.
   */
  readonly environment?: Readonly<Record<string, unknown>>;
}

/** Hashes of everything that a run reads. */
export const inputsOf = (
  { model, base }: SaeModels,
  { rows }: SaeTexts,
): Readonly<Record<string, string>> => ({
  model: model.fingerprint,
  ...(base && { base: base.fingerprint }),
  tokenizer: model.tokenizer.fingerprint,
  texts: textsFingerprint(rows),
});

export interface SaePlan<C extends SaeContext> {
  readonly context: C;
  /** What run.json states. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly trained: Stage<C, TrainedSaes>;
  readonly evaluated: Stage<C, EvaluatedSaes>;
}

/**
 * Does the stages of a run below `out` that are not done yet and puts its SAEs into `out`. Throws `run-invalid` for a
 * folder that contains something else, has a writer, or contains a run that was started with other settings or inputs.
 */
export function makeSaes<C extends SaeContext>(
  { out, version, command, now, signal, onEvent }: SaeRunOptions,
  { context, inputs, settings, trained, evaluated }: SaePlan<C>,
): Promise<PublishedSae[]> {
  const folder = join(out, 'run');
  checkIsOurs(out);
  return withRun(
    {
      folder,
      name: basename(resolve(out)),
      description: { format: 'feedprint-sae-run/1', feedprint: version, inputs, settings },
      stages: [evaluated],
      context,
      worksOn: {
        model: context.model.name,
        ...(context.base && { base: context.base.name }),
        site: sitesOf(context).join(', '),
        texts: context.textsName,
      },
      ...{ command, now, signal, onEvent },
    },
    async (run) => {
      await run.finish();
      await removeCheckpoints(run.store);
      return publishSaes(context, await run.outputs({ trained, evaluated }), {
        out,
        run: run.store.folder,
      });
    },
  );
}
