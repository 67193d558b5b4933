import type { RunStore } from '@feedprint/core';
import type { StageContext } from './stage-context.ts';

/**
 * One step of a recipe, as a value. Its needs decide when it runs, what its artifact's key is made of, and what its
 * work sees of other stages; see `defineStage`.
 */
export interface Stage<in C, out O> {
  /** Letters, digits, dots, dashes and underscores: it names the folder. Unique in a run. */
  readonly name: string;
  /** In the order in which their keys enter this stage's. */
  readonly needs: Needs<C>;
  /** Everything that determines what `work` writes, besides `needs`. Hashed by `canonicalJson`. */
  config(context: C): unknown;
  /** Writes the stage's files into an empty folder; the same config and needs must give the same bytes. */
  work(job: StageJob<C, Readonly<Record<string, unknown>>>): Promise<void>;
  /** What the stage left in its folder, parsed; read anew each time it is asked for. */
  read(folder: string, context: C): O | Promise<O>;
}

/** Stages whose number depends on the run: one per site, or none if something was not asked for. */
export interface StageGroup<in C, out O> {
  stagesOf(context: C): readonly Stage<C, O>[];
}

export type Need<C, O = unknown> = Stage<C, O> | StageGroup<C, O>;
export type Needs<C> = Readonly<Record<string, Need<C>>>;

/** What each needed stage left; for a group, a list in the group's order. */
export type OutputsOf<N> = {
  readonly [K in keyof N]: N[K] extends Stage<never, infer O>
    ? O
    : N[K] extends StageGroup<never, infer O>
      ? readonly O[]
      : never;
};

export interface StageJob<C, Outputs> {
  readonly context: C;
  /** What the needed stages left, by the names under which they are needed. */
  readonly needs: Outputs;
  /** Empty at first; its files are what the stage leaves. */
  readonly folder: string;
  /** Progress, metrics, findings and the signal to stop. */
  readonly stage: StageContext;
  /** Where to keep what must survive an interrupted start: checkpoints in the run's folder, curves among its events. */
  readonly run: Pick<RunStore, 'folder' | 'events' | 'append'>;
}

export interface StageDefinition<C, N extends Needs<C>, O> extends Pick<
  Stage<C, O>,
  'name' | 'config' | 'read'
> {
  readonly needs: N;
  work(job: StageJob<C, OutputsOf<N>>): Promise<void>;
}

/**
 * A stage of a recipe. `C`, what all stages of the recipe share, is inferred from the parameter of `config`:
 *
 *     const squares = defineStage({
 *       name: 'squares',
 *       needs: { numbers },
 *       config: ({ power }: Context) => ({ power }),
 *       work: ({ needs, folder }) => writeFile(join(folder, 'squares.json'), ...),
 *       read: (folder) => readJson(folder, 'squares.json', z.array(z.number())),
 *     });
 */
export const defineStage = <C, N extends Needs<C>, O>(
  definition: StageDefinition<C, N, O>,
): Stage<C, O> => definition as unknown as Stage<C, O>;

/** Stages that depend on the run: see `StageGroup`. */
export const defineStages = <C, O>(
  stagesOf: (context: C) => readonly Stage<C, O>[],
): StageGroup<C, O> => ({ stagesOf });

/** The stages that a need stands for in a run. */
export const stagesIn = <C, O>(need: Need<C, O>, context: C): readonly Stage<C, O>[] =>
  'stagesOf' in need ? need.stagesOf(context) : [need];
