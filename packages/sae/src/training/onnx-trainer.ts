import { FeedprintError, createRandom, matrix, takeRows } from '@feedprint/core';
import type { ActivationStore, SaeTrainer, SaeTrainingOptions } from '@feedprint/core';
import { adamCorrections, createTrainingSession } from '@feedprint/graph';
import type { TrainingSession } from '@feedprint/graph';
import { z } from 'zod';
import { centresInput } from '../architectures/architectures.ts';
import { checkKind } from '../architectures/kinds.ts';
import type { SaeKind } from '../architectures/kinds.ts';
import { createSae } from '../sae.ts';
import type { GraphSae } from '../sae.ts';
import { shuffledBatches } from './batches.ts';
import { initialWeights } from './initial-weights.ts';
import { learningRateAt } from './schedule.ts';
import { buildTrainingGraph } from './training-graph.ts';

export const saeTrainingSettingsSchema = z.strictObject({
  kind: z.enum(['tied', 'relu', 'topk']).default('topk').describe('Architecture.'),
  k: z.int().positive().default(16).describe('Active features per row (topk).'),
  l1: z
    .number()
    .nonnegative()
    .default(0)
    .describe('L1 weight (tied, relu) against the squared error.'),
  l1Per: z
    .enum(['row', 'dimension'])
    .default('row')
    .describe(
      'Against the error summed over dimensions, or its mean over them: dIn times the weight.',
    ),
  learningRate: z.number().positive().default(2e-3),
  batchRows: z.int().positive().default(1024),
  tokens: z.int().positive().default(300_000).describe('Rows seen in training, over all passes.'),
  passes: z.int().positive().default(100).describe('Passes over the rows at most.'),
  normalize: z
    .boolean()
    .default(true)
    .describe(
      'Scale activations to a mean norm of sqrt(dIn) while training; folded into the weights.',
    ),
});

export type SaeTrainingSettings = z.infer<typeof saeTrainingSettingsSchema>;

export interface OnnxTrainerOptions extends Partial<SaeTrainingSettings> {
  readonly threads?: number;
}

/** Trains SAEs as ONNX graphs on onnxruntime-node with Adam. Throws `config-invalid` for settings out of range. */
export function createOnnxTrainer({ threads, ...given }: OnnxTrainerOptions = {}): SaeTrainer {
  const settings = parseSettings(given);
  return {
    name: 'onnxruntime',
    settings,
    train: (store, options) => train(settings, threads, store, options),
  };
}

async function train(
  settings: SaeTrainingSettings,
  threads: number | undefined,
  store: ActivationStore,
  { site, dSae, seed, onStep }: SaeTrainingOptions,
): Promise<GraphSae> {
  const architecture = architectureOf(settings, dSae);
  if (store.rows === 0) {
    throw new FeedprintError({
      code: 'texts-invalid',
      message: `there is no activation to train on at ${site}`,
      remedy: 'give more or longer texts',
    });
  }
  const random = createRandom(seed);
  const data = await store.read(site, 0, store.rows);
  const scale = settings.normalize
    ? Math.sqrt(data.columns) / ((await store.scale(site)).meanNorm || 1)
    : 1;
  const scaled = matrix(
    data.rows,
    data.columns,
    data.data.map((v) => v * scale),
  );
  const batchRows = Math.min(settings.batchRows, scaled.rows);
  const initial = initialWeights(
    takeRows(scaled, firstOf(random.fork('sample').shuffle(indices(scaled.rows)), 2048)),
    dSae,
    random.fork('weights'),
    centresInput(architecture),
  );
  const { graph, state, metrics } = buildTrainingGraph({
    architecture,
    dIn: scaled.columns,
    dSae,
    batchRows,
    l1: settings.l1Per === 'dimension' ? settings.l1 * scaled.columns : settings.l1,
    initial,
  });
  const session = await createTrainingSession(graph, {
    state,
    metrics,
    ...(threads !== undefined && { threads }),
  });
  try {
    const seen = Math.min(settings.tokens, settings.passes * scaled.rows);
    const steps = Math.max(1, Math.ceil(seen / batchRows));
    const report = Math.max(1, Math.floor(steps / 20));
    const batches = shuffledBatches(scaled, batchRows, random.fork('order'));
    for (let step = 1; step <= steps; step++) {
      const values = await session.step({
        x: { data: batches.next().value.data, shape: [batchRows, scaled.columns] },
        learningRate: {
          data: Float32Array.of(learningRateAt(step, steps, settings.learningRate)),
          shape: [],
        },
        corrections: { data: adamCorrections(step), shape: [2] },
      });
      if (step % report === 0 || step === steps) {
        const { loss = NaN, mse = NaN, l0 = NaN } = values;
        onStep?.({ step, steps, loss, mse, l0 });
      }
    }
    return trainedSae({ session, site, architecture, dIn: scaled.columns, dSae, scale, threads });
  } finally {
    await session.dispose();
  }
}

interface TrainedSaeOptions {
  readonly session: TrainingSession;
  readonly site: string;
  readonly architecture: SaeKind;
  readonly dIn: number;
  readonly dSae: number;
  readonly scale: number;
  readonly threads: number | undefined;
}

/** The SAE for unscaled activations: f is unchanged when x s enters wEnc, so wEnc s, wDec / s and bDec / s do the same on x. */
function trainedSae({
  session,
  site,
  architecture,
  dIn,
  dSae,
  scale,
  threads,
}: TrainedSaeOptions): GraphSae {
  const wDec = session.read('wDec').slice();
  const wEnc =
    architecture.kind === 'tied' ? transpose(wDec, dSae, dIn) : session.read('wEnc').slice();
  return createSae({
    site,
    architecture,
    weights: {
      wEnc: matrix(
        dIn,
        dSae,
        wEnc.map((v) => v * scale),
      ),
      bEnc: session.read('bEnc').slice(),
      wDec: matrix(
        dSae,
        dIn,
        wDec.map((v) => v / scale),
      ),
      bDec: session.read('bDec').map((v) => v / scale),
    },
    ...(threads !== undefined && { threads }),
  });
}

function architectureOf({ kind, k }: SaeTrainingSettings, dSae: number): SaeKind {
  const architecture: SaeKind = kind === 'topk' ? { kind, k } : { kind };
  checkKind(architecture, dSae);
  return architecture;
}

function parseSettings(given: Partial<SaeTrainingSettings>): SaeTrainingSettings {
  const parsed = saeTrainingSettingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `SAE training settings: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ')}`,
    remedy: 'correct them or leave them out',
  });
}

function transpose(data: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(
    data,
    (_, i) => data[(i % rows) * columns + Math.floor(i / rows)] as number,
  );
}

const indices = (length: number): Int32Array => Int32Array.from({ length }, (_, i) => i);

const firstOf = (list: Int32Array, count: number): Int32Array => list.subarray(0, count);
