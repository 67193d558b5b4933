import { createRandom, matrix } from '@feedprint/core';
import type { Matrix, SaeJob, SaeStepMetrics } from '@feedprint/core';
import { adamCorrections } from '@feedprint/graph';
import type { Engine, TrainingSession } from '@feedprint/graph';
import { centresInput } from '../architectures/architectures.ts';
import { unexplained } from '../metrics/reconstruction-statistics.ts';
import { createSae } from '../sae.ts';
import type { GraphSae } from '../sae.ts';
import { calibrateThreshold, checkTarget } from './calibrate-threshold.ts';
import type { JobState } from './checkpoint.ts';
import { checkStart, continuedWeights } from './continued-weights.ts';
import { initialWeights } from './initial-weights.ts';
import { metricRoot, timesRoot } from './metric-root.ts';
import { createResampler } from './resample.ts';
import { createRowStream } from './row-stream.ts';
import { spreadRows } from './spread-rows.ts';
import { foldScale, inputScale, meanNorm, scaleRows } from './scale.ts';
import { learningRateAt, warmUpAt } from './schedule.ts';
import { kindOf } from './settings.ts';
import type { SaeTrainingSettings } from './settings.ts';
import { buildTrainingGraph } from './training-graph.ts';

/** One SAE while it is trained. */
export interface SaeTraining {
  /** Steps until it is done. */
  readonly steps: number;
  /** Takes step number `step`, counted from 1, on rows `[batchRows, dIn]` of the store. */
  step(step: number, rows: Matrix): Promise<SaeStepMetrics>;
  state(): JobState;
  restore(state: JobState): void;
  /** The SAE for activations as they are in the store. */
  sae(): Promise<GraphSae>;
  dispose(): Promise<void>;
}

/** Rows that the initial weights and the scale are computed from. */
const SAMPLE = 2048;

export async function startTraining(
  job: SaeJob,
  settings: SaeTrainingSettings,
  engine: Engine,
  threads: number | undefined,
): Promise<SaeTraining> {
  const { store, site, dSae, seed, metric, from } = job;
  const kind = kindOf(settings, dSae);
  const { batchRows, normalize, targetL0 } = settings;
  if (from) checkStart(from, { kind: kind.kind, site, dIn: store.width(site), dSae });
  if (targetL0 !== null) checkTarget(kind.kind, targetL0);
  const random = createRandom(seed);
  const sample = await sampleRows(job);
  const dIn = sample.columns;
  const models = kind.kind === 'crosscoder' ? kind.models : 1;
  const root = metric && metricRoot(metric, dIn, kind);
  const seen = (rows: Matrix): Matrix => (root ? timesRoot(rows, root) : rows);
  const longer = root ? meanNorm(seen(sample)) / (meanNorm(sample) || 1) : 1;
  const scale = normalize
    ? await inputScale(store, site, sample, { models, longer })
    : new Float32Array(dIn).fill(1);
  const { graph, state, metrics, variants, parameters, toWeights } = buildTrainingGraph({
    kind,
    dIn,
    dSae,
    batchRows,
    settings,
    root,
    initial: from
      ? continuedWeights(from, { kind, scale, root })
      : initialWeights(
          seen(scaleRows(sample, scale)),
          dSae,
          random.fork('weights'),
          centresInput(kind),
        ),
  });
  const session = await engine.createTrainingSession(graph, { state, metrics, variants });
  const resample = createResampler({ settings, parameters, session, random });
  const steps = stepsOf(settings, store.rows);
  const x = matrix(batchRows, dIn);
  const scalar = (value: number): { data: Float32Array; shape: number[] } => ({
    data: Float32Array.of(value),
    shape: [],
  });
  let dead = 0;

  return {
    steps,
    async step(step, rows) {
      scaleRows(rows, scale, x);
      const values = await session.step(
        {
          x: { data: x.data, shape: [batchRows, dIn] },
          learningRate: scalar(learningRateAt(step, steps, settings)),
          corrections: { data: adamCorrections(step, settings.beta1, settings.beta2), shape: [2] },
          sparsity: scalar(warmUpAt(step, steps, settings.sparsityWarmUp)),
        },
        dead > 0 && variants.aux ? 'aux' : undefined,
      );
      const { loss = NaN, mse = NaN, variance = NaN, l0 = NaN } = values;
      dead = values.dead ?? 0;
      resample(step, () => seen(x));
      return {
        step,
        steps,
        loss,
        mse,
        explainedVariance: 1 - unexplained(mse, variance),
        l0,
        dead,
      };
    },
    state: () => ({ state: readAll(session, Object.keys(state)), dead }),
    restore(from) {
      for (const [name, data] of Object.entries(from.state)) session.write(name, data);
      dead = from.dead;
    },
    async sae() {
      const weights = foldScale(
        toWeights((name) => session.read(name)),
        scale,
        models,
      );
      const options = { site, architecture: kind, ...(threads !== undefined && { threads }) };
      const sae = createSae({ ...options, weights });
      if (targetL0 === null) return sae;
      return calibrateThreshold(sae, {
        rows: () => spreadRows(store, site),
        l0: targetL0,
        threads,
      });
    },
    dispose: () => session.dispose(),
  };
}

/** Steps that the settings ask for: no more tokens, and no more passes over the rows, than they allow. */
export const stepsOf = ({ tokens, passes, batchRows }: SaeTrainingSettings, rows: number): number =>
  Math.max(1, Math.ceil(Math.min(tokens, passes * rows) / batchRows));

async function sampleRows({ store, site, seed }: SaeJob): Promise<Matrix> {
  const batchRows = Math.min(SAMPLE, store.rows);
  const options = { sites: [site], batchRows, bufferRows: 4 * SAMPLE, seed };
  const stream = await createRowStream(store, options);
  return (await stream.next()).get(site) as Matrix;
}

const readAll = (
  session: TrainingSession,
  names: readonly string[],
): Record<string, Float32Array> =>
  Object.fromEntries(names.map((name) => [name, session.read(name)]));
