import { norm, row } from '@feedprint/core';
import type { Matrix, Random } from '@feedprint/core';
import type { TrainingSession } from '@feedprint/graph';
import { deadTokensOf } from './settings.ts';
import type { SaeTrainingSettings } from './settings.ts';
import type { TrainedParameter } from './training-graph.ts';

export interface ResamplerOptions {
  readonly settings: SaeTrainingSettings;
  readonly parameters: readonly TrainedParameter[];
  readonly session: TrainingSession;
  readonly random: Random;
}

/** Length of a new feature's encoder vector, as a share of the mean over live features. */
const ENCODER_SHARE = 0.2;

/**
 * Restarts dead features where the SAE is worst, every `resampleTokens` tokens (Bricken et al. 2023, "neuron resampling"):
 * a row of the batch is drawn with probability proportional to the square of its squared error; the decoder and encoder
 * vectors point there from bDec; biases and moments are reset to their initial values. `rows` gives the batch as the
 * objective saw it.
 */
export function createResampler({
  settings,
  parameters,
  session,
  random,
}: ResamplerOptions): (step: number, rows: () => Matrix) => void {
  const { resampleTokens, batchRows } = settings;
  const turns = (step: number): number =>
    Math.floor((step * batchRows) / (resampleTokens ?? Infinity));
  return (step, rows) => {
    if (turns(step) === turns(step - 1)) return;
    const silent = session.read('silent');
    const dead = [...silent.keys()].filter((f) => (silent[f] as number) >= deadTokensOf(settings));
    if (dead.length === 0) return;
    const draw = drawer(session.read('rowErrors'), random.fork(`resample ${step}`));
    const bDec = session.read('bDec');
    const encoderLength = ENCODER_SHARE * liveLength(session, parameters, new Set(dead));
    const changed = new Map([['silent', silent.slice()]]);
    for (const { name, perFeature, moments } of parameters) {
      if (perFeature === 'none') continue;
      for (const state of [name, ...moments]) changed.set(state, session.read(state).slice());
    }
    const x = rows();
    for (const f of dead) {
      const direction = towards(row(x, draw()), bDec);
      for (const parameter of parameters) {
        const length = parameter.name === 'wDec' ? 1 : encoderLength;
        renew(
          changed,
          parameter,
          f,
          direction.map((v) => v * length),
        );
      }
      (changed.get('silent') as Float32Array)[f] = 0;
    }
    for (const [name, data] of changed) session.write(name, data);
  };
}

/** Replaces one feature's part of a parameter and sets its moments to zero. */
function renew(
  states: ReadonlyMap<string, Float32Array>,
  { name, perFeature, start, moments }: TrainedParameter,
  feature: number,
  vector: Float32Array,
): void {
  if (perFeature === 'none') return;
  const size = perFeature === 'row' ? vector.length : 1;
  const at = (state: string): Float32Array =>
    (states.get(state) as Float32Array).subarray(feature * size, (feature + 1) * size);
  if (perFeature === 'row') at(name).set(vector);
  else at(name).fill(start);
  for (const moment of moments) at(moment).fill(0);
}

/** Mean length of the live features' encoder vectors; 1 for a tied SAE, or if none is live. */
function liveLength(
  session: TrainingSession,
  parameters: readonly TrainedParameter[],
  dead: ReadonlySet<number>,
): number {
  if (!parameters.some(({ name }) => name === 'wEnc')) return 1;
  const wEnc = session.read('wEnc');
  const features = session.read('silent').length;
  const width = wEnc.length / features;
  const lengths = Array.from({ length: features }, (_, f) => f)
    .filter((f) => !dead.has(f))
    .map((f) => norm(wEnc.subarray(f * width, (f + 1) * width)));
  return lengths.length === 0 ? 1 : lengths.reduce((a, b) => a + b, 0) / lengths.length;
}

/** Draws rows with probability proportional to the square of their error. */
function drawer(errors: Float32Array, random: Random): () => number {
  let total = 0;
  const sums = Float64Array.from(errors, (error) => (total += error * error));
  return () => {
    const point = random.next() * total;
    const found = sums.findIndex((sum) => sum > point);
    return found < 0 ? random.integer(errors.length) : found;
  };
}

/** The unit vector from `origin` to `x`. */
function towards(x: Float32Array, origin: Float32Array): Float32Array {
  const difference = x.map((v, i) => v - (origin[i] as number));
  const length = norm(difference) || 1;
  return difference.map((v) => v / length);
}
