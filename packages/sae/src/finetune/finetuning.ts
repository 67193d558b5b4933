import { FeedprintError, matrix, row } from '@feedprint/core';
import type { LanguageModel, Matrix, TokenRows } from '@feedprint/core';
import { adamCorrections, createSession, createTrainingSession } from '@feedprint/graph';
import type {
  RuntimeOptions,
  Session,
  StateVariable,
  TrainingSession,
  Value,
} from '@feedprint/graph';
import { unexplained } from '../metrics/reconstruction-statistics.ts';
import { createSae } from '../sae.ts';
import type { GraphSae } from '../sae.ts';
import type { JobState } from '../training/checkpoint.ts';
import { continuedWeights } from '../training/continued-weights.ts';
import { foldScale, scaleRows } from '../training/scale.ts';
import { learningRateAt } from '../training/schedule.ts';
import { parseSettings } from '../training/settings.ts';
import type { SaeTrainingSettings } from '../training/settings.ts';
import { buildTrainingGraph } from '../training/training-graph.ts';
import { divergence } from './divergence.ts';
import type { FinetuneSettings } from './settings.ts';

/** Mean squared error and features are of scaled activations, as in training. */
export interface FinetuneMetrics {
  readonly step: number;
  readonly steps: number;
  /** What training minimises without a model. */
  readonly loss: number;
  readonly mse: number;
  /** Share of the variance of the step's rows that their reconstructions explain. */
  readonly explainedVariance: number;
  readonly l0: number;
  /** Mean over positions of KL(clean || with reconstructions), nats. */
  readonly divergence: number;
  readonly dead: number;
  /** Of all features. */
  readonly deadShare: number;
}

/** One SAE while it is fine-tuned. */
export interface Finetuning {
  readonly steps: number;
  /** Takes step number `step`, counted from 1, on texts with `batchRows` rows. */
  step(step: number, texts: TokenRows): Promise<FinetuneMetrics>;
  state(): JobState;
  restore(state: JobState): void;
  /** The SAE for unscaled activations. */
  sae(): GraphSae;
  dispose(): Promise<void>;
}

export type DifferentiableModel = LanguageModel & Required<Pick<LanguageModel, 'gradients'>>;

export interface FinetuningOptions extends RuntimeOptions {
  readonly sae: GraphSae;
  readonly model: DifferentiableModel;
  readonly settings: FinetuneSettings;
  /** Factor by which each unit of the activations is scaled, `[dIn]`. */
  readonly scale: Float32Array;
}

/**
 * Each step runs the model as it is and with the batch's reconstructions in place of the site, and differentiates the
 * divergence between the two predictions with respect to the reconstructions. The SAE's step then follows that gradient
 * along with its own objective's, as if both were one loss: the divergence depends on the SAE only through its
 * reconstruction.
 */
export async function startFinetuning(options: FinetuningOptions): Promise<Finetuning> {
  const { sae, model, settings, scale, ...runtime } = options;
  const { architecture, site, dIn, dSae } = sae;
  const { batchRows, beta1, beta2, divergenceWeight } = settings;
  const built = buildTrainingGraph({
    ...{ kind: architecture, dIn, dSae, batchRows, pulled: true },
    settings: objectiveSettings(sae, settings),
    initial: continuedWeights(sae, { kind: architecture, scale, keepsLengths: true }),
  });
  const { graph, state, metrics, variants, reconstruction, toWeights } = built;
  const session = await createTrainingSession(graph, { state, metrics, variants, ...runtime });
  const reconstructing = await createSession(graph, { outputs: { reconstruction }, ...runtime });
  const steps = Math.max(1, Math.ceil(settings.tokens / batchRows));
  const { specialIds } = model.tokenizer;
  const x = matrix(batchRows, dIn);
  let dead = 0;

  return {
    steps,
    async step(step, texts) {
      const clean = await model.run(texts, { capture: [site], logits: 'all' });
      const activations = clean.activations.get(site) as Matrix;
      const places = rowPlaces(texts, specialIds);
      scaleRows(take(activations, places), scale, x);
      const inputs = {
        x: { data: x.data, shape: [batchRows, dIn] },
        sparsity: scalar(1),
      };
      const y = await reconstruct(reconstructing, session, state, inputs);
      const put = replaceRows(activations, places, y, scale);
      const edits = [{ site, apply: (): Matrix => put }];
      const changed = await model.run(texts, { logits: 'all', edits });
      const { mean, cotangents } = divergence(clean.logits as Matrix, changed.logits as Matrix);
      checkFinite(mean, step);
      const gradients = await model.gradients(texts, { sites: [site], cotangents, edits });
      const weight = mean > 0 ? (divergenceWeight * meanError(x, y)) / mean : 0;
      const pull = take(gradients.get(site) as Matrix, places);
      for (let i = 0; i < pull.data.length; i++) {
        pull.data[i] = ((pull.data[i] as number) * weight) / (scale[i % dIn] as number);
      }
      const values = await session.step(
        {
          ...inputs,
          pull: { data: pull.data, shape: [batchRows, dIn] },
          learningRate: scalar(learningRateAt(step, steps, settings)),
          corrections: { data: adamCorrections(step, beta1, beta2), shape: [2] },
        },
        dead > 0 && variants.aux ? 'aux' : undefined,
      );
      const { loss = NaN, mse = NaN, variance = NaN, l0 = NaN } = values;
      dead = values.dead ?? 0;
      const explainedVariance = 1 - unexplained(mse, variance);
      const deadShare = dead / dSae;
      return { step, steps, loss, mse, explainedVariance, l0, divergence: mean, dead, deadShare };
    },
    state: () => ({
      state: Object.fromEntries(Object.keys(state).map((name) => [name, session.read(name)])),
      dead,
    }),
    restore(from) {
      for (const [name, data] of Object.entries(from.state)) session.write(name, data);
      dead = from.dead;
    },
    sae: () =>
      createSae({
        site,
        architecture,
        weights: foldScale(
          toWeights((name) => session.read(name)),
          scale,
          1,
        ),
        ...(runtime.threads !== undefined && { threads: runtime.threads }),
      }),
    async dispose() {
      await reconstructing.dispose();
      await session.dispose();
    },
  };
}

/** The objective's own settings; `buildTrainingGraph` takes the kind from the SAE. */
function objectiveSettings(
  { architecture }: GraphSae,
  { divergenceWeight: _, targetL0: __, ...settings }: FinetuneSettings,
): SaeTrainingSettings {
  const { kind } = architecture;
  return parseSettings({ ...settings, kind, ...('k' in architecture && { k: architecture.k }) });
}

/** Scaled reconstructions of scaled rows by the current state, `[rows, dIn]`. */
async function reconstruct(
  session: Session,
  training: TrainingSession,
  state: Readonly<Record<string, StateVariable>>,
  inputs: Readonly<Record<string, Value>>,
): Promise<Float32Array> {
  const weights = Object.entries(state).map(([name, { current }]) => [
    current.name,
    { data: training.read(name), shape: current.shape as readonly number[] },
  ]);
  const feeds = { ...inputs, ...(Object.fromEntries(weights) as Record<string, Value>) };
  const needed = session.inputs.map((name) => [name, feeds[name] as Value]);
  const { reconstruction } = await session.run(Object.fromEntries(needed) as typeof feeds);
  return reconstruction?.data as Float32Array;
}

/** Positions, over all texts, of the tokens that are rows. */
export function rowPlaces(texts: TokenRows, special: ReadonlySet<number>): Int32Array {
  const places: number[] = [];
  let at = 0;
  for (const text of texts) {
    for (let t = 0; t < text.length; t++, at++)
      if (!special.has(text[t] as number)) places.push(at);
  }
  return Int32Array.from(places);
}

export function take(from: Matrix, places: Int32Array): Matrix {
  const result = matrix(places.length, from.columns);
  places.forEach((place, r) => row(result, r).set(row(from, place)));
  return result;
}

/** Activations with those at some positions replaced by others, which are given scaled. */
function replaceRows(
  activations: Matrix,
  places: Int32Array,
  scaled: Float32Array,
  scale: Float32Array,
): Matrix {
  const { rows, columns } = activations;
  const result = matrix(rows, columns, activations.data.slice());
  places.forEach((place, r) => {
    const target = row(result, place);
    for (let i = 0; i < columns; i++) {
      target[i] = (scaled[r * columns + i] as number) / (scale[i] as number);
    }
  });
  return result;
}

/** Mean over rows of the squared error, summed over dimensions. */
function meanError({ rows, data }: Matrix, reconstruction: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    sum += ((data[i] as number) - (reconstruction[i] as number)) ** 2;
  }
  return sum / rows;
}

const scalar = (value: number): Value => ({ data: Float32Array.of(value), shape: [] });

function checkFinite(mean: number, step: number): void {
  if (Number.isFinite(mean)) return;
  throw new FeedprintError({
    code: 'numbers-invalid',
    message: `fine-tuning stopped at step ${step}: the divergence of the predictions is ${mean}`,
    remedy: 'lower the learning rate or check the weights of the model and of the SAE',
  });
}
