import { finetuneModel } from '@feedprint/recipes';
import type {
  FinetuneMethod,
  FinetunedModel,
  FinetuneModelOptions,
  TrajectoryResult,
} from '@feedprint/recipes';
import { trajectorySentence } from '@feedprint/report';
import type { Io } from '../io.ts';
import { createProgressReporter } from '../progress.ts';
import { sayingRead } from '../texts.ts';
import { version } from '../version.ts';
import { finetuneSettings, trainableOf } from './flags.ts';
import type { FinetuneFlags } from './flags.ts';
import { withFinetuneInputs } from './inputs.ts';
import type { FinetuneInputs } from './inputs.ts';
import { tellMetrics } from './metric-lines.ts';
import { withWatch } from './watch.ts';

/** The command as it was typed, and the outside world. */
export interface Typed {
  readonly typed: string;
  readonly io: Io;
}

/** Tunes on pairs, ratings or texts, watched where that is asked for. */
export const finetuneOnFiles = (
  method: FinetuneMethod,
  flags: FinetuneFlags,
  { typed, io }: Typed,
): Promise<FinetunedModel> =>
  withFinetuneInputs(flags, (inputs) => {
    const names = [...inputs.model.parameters()].map(({ name }) => name);
    return withWatch(flags, io, (watch) =>
      withTraining(method, flags, { inputs, io }, (training) =>
        finetuneModel({
          ...training,
          command: typed,
          trainable: trainableOf(flags, names),
          ...(watch && { watch }),
        }),
      ),
    );
  });

interface Session {
  readonly inputs: FinetuneInputs;
  readonly io: Io;
}

/** What the flags say of a training, its progress shown while `work` goes on. */
export function withTraining<T>(
  method: FinetuneMethod,
  flags: FinetuneFlags,
  { inputs: { model, data, dataName, read }, io }: Session,
  work: (training: Omit<FinetuneModelOptions, 'trainable' | 'watch' | 'command'>) => Promise<T>,
): Promise<T> {
  const { beta, out, seed, threads, device, dtype, saveEvery, checkpointSteps } = flags;
  const progress = createProgressReporter(io);
  return work({
    ...{ model, method, data, dataName, dtype, seed, threads, device, out, version },
    settings: finetuneSettings(flags),
    ...(beta !== undefined && { beta }),
    ...(saveEvery !== undefined && { saveEvery }),
    ...(checkpointSteps !== undefined && { checkpointSteps }),
    ...{ now: io.now, signal: io.signal },
    onEvent: sayingRead(read, io, tellMetrics(progress.event)),
  }).finally(progress.stop);
}

/** What was learned when, and where that is told at length. */
export const describeWatched = (watched: TrajectoryResult | undefined): string[] =>
  watched ? ['', trajectorySentence(watched.trajectory), `Report: ${watched.html}`] : [];

/** What was trained, with the metrics of the last steps and of what was held out. */
export function describeFinetuned({
  folder,
  trained,
  steps,
  metrics,
  heldOut,
  watched,
}: FinetunedModel): string {
  const number = (value: number): string => value.toPrecision(4);
  const names = [...new Set([...Object.keys(metrics), ...Object.keys(heldOut)])]
    .map((name) => name.replace(/^eval_/, ''))
    .filter((name, i, all) => all.indexOf(name) === i);
  const rows = names.map((name) => {
    const [last, held] = [metrics[name], heldOut[`eval_${name}`]];
    const cells = [last, held].map((value) => (value === undefined ? '' : number(value)));
    return [name.padEnd(20), ...cells.map((cell) => cell.padStart(11))].join(' ');
  });
  return [
    `${folder}: ${trained.toLocaleString('en')} numbers trained for ${steps} steps`,
    `${''.padEnd(20)} ${'last steps'.padStart(11)} ${'held out'.padStart(11)}`,
    ...rows,
    ...describeWatched(watched),
    '',
  ].join('\n');
}
