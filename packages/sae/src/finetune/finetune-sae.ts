import { FeedprintError } from '@feedprint/core';
import type { LanguageModel, Matrix, SaeTrainingRun, TokenRows } from '@feedprint/core';
import type { RuntimeOptions } from '@feedprint/graph';
import { hashOf, saeFingerprint } from '../fingerprint.ts';
import type { GraphSae } from '../sae.ts';
import { calibrateThreshold, checkTarget } from '../training/calibrate-threshold.ts';
import { checkpointKey, readCheckpoint, writeCheckpoint } from '../training/checkpoint.ts';
import { meanNorm } from '../training/scale.ts';
import { rowPlaces, startFinetuning, take } from './finetuning.ts';
import type { DifferentiableModel, FinetuneMetrics, Finetuning } from './finetuning.ts';
import { parseFinetuneSettings } from './settings.ts';
import type { FinetuneSettings } from './settings.ts';
import { textStream } from './text-stream.ts';

export interface FinetuneOptions
  extends RuntimeOptions, Pick<SaeTrainingRun, 'checkpoint' | 'signal'> {
  /** The SAE to start from, of one model's activations. */
  readonly sae: GraphSae;
  /** The model that the activations come from; it must be differentiable. */
  readonly model: LanguageModel;
  readonly texts: TokenRows;
  /** Decides the order of the texts. */
  readonly seed: number;
  readonly settings?: Partial<FinetuneSettings>;
  /** Called after every step. */
  readonly onStep?: (metrics: FinetuneMetrics) => void;
}

/** Fewest rows to take the scale of the activations from. */
const SCALE_ROWS = 4096;
/** Approximate number of rows that thresholds are set on, if the texts have as many: those that follow in the stream. */
const CALIBRATION_ROWS = 131_072;

/**
 * Trains an SAE a little further on what its reconstructions do to the model's output: its own objective plus
 * `divergenceWeight` times KL(clean || with the reconstructions in place of the site), rescaled in each step to the size of
 * the reconstruction error (Karvonen 2025, arXiv 2503.17272; Braun et al. 2024, arXiv 2405.12241). Decoder vectors keep
 * their lengths. Special tokens keep their activations and are not rows. Continues from a checkpoint to the same bytes.
 * Throws `usage` for a model that does not have the site or cannot be differentiated, `shape-mismatch` for a site of
 * another width, `config-invalid` for a crosscoder or invalid settings, `texts-invalid` for texts without a row,
 * `numbers-invalid` with the step, `cancelled`, and `run-invalid` for the checkpoint of another run.
 */
export async function finetuneSae(options: FinetuneOptions): Promise<GraphSae> {
  const { sae, model, texts, seed, checkpoint, signal, onStep, ...runtime } = options;
  const { settings: given = {}, ...engine } = runtime;
  const settings = parseFinetuneSettings(given);
  const differentiable = checkFinetuning(sae, model, settings);
  const { batchRows, targetL0 } = settings;
  const special = model.tokenizer.specialIds;
  const batches = (): Generator<TokenRows, never> =>
    textStream(texts, { special, batchRows, seed });
  const scale = await scaleOf(sae, model, batches());
  const key = checkpointKey({
    ...{ finetune: 1, settings, seed, sae: saeFingerprint(sae), model: model.fingerprint },
    texts: hashOf(texts.map((text) => Int32Array.of(text.length, ...Array.from(text)))),
  });
  const finetuning = await startFinetuning({
    ...{ sae, model: differentiable, settings, scale },
    ...engine,
  });
  try {
    const stream = batches();
    const done = checkpoint && resume(finetuning, stream, checkpoint.folder, key);
    await takeSteps(finetuning, {
      stream,
      done: done ?? 0,
      key,
      batchRows,
      checkpoint,
      signal,
      onStep,
    });
    const tuned = finetuning.sae();
    if (targetL0 === null) return tuned;
    const rows = (): AsyncGenerator<Matrix> =>
      followingRows(sae, model, batches(), {
        from: finetuning.steps,
        count: Math.ceil(Math.min(CALIBRATION_ROWS, countRows(texts, special)) / batchRows),
      });
    return await calibrateThreshold(tuned, { rows, l0: targetL0, threads: engine.threads });
  } finally {
    await finetuning.dispose();
  }
}

interface StepOptions {
  readonly onStep: FinetuneOptions['onStep'];
  readonly stream: Generator<TokenRows, never>;
  /** Steps already taken. */
  readonly done: number;
  readonly key: string;
  readonly batchRows: number;
  readonly checkpoint: FinetuneOptions['checkpoint'];
  readonly signal: AbortSignal | undefined;
}

async function takeSteps(
  finetuning: Finetuning,
  { stream, done, key, batchRows, checkpoint, signal, onStep }: StepOptions,
): Promise<void> {
  const { steps } = finetuning;
  const every = checkpoint && Math.max(1, Math.round(checkpoint.everyTokens / batchRows));
  for (let step = done + 1; step <= steps; step++) {
    const metrics = await finetuning.step(step, stream.next().value);
    onStep?.(metrics);
    const cancelled = signal?.aborted ?? false;
    if (checkpoint && every && (step % every === 0 || step === steps || cancelled)) {
      await writeCheckpoint(checkpoint.folder, key, { step, jobs: { sae: finetuning.state() } });
    }
    if (cancelled) throw wasCancelled(step, steps, checkpoint !== undefined);
  }
}

/** Restores everything from a checkpoint and returns its step; 0 without one. */
function resume(
  finetuning: Finetuning,
  stream: Generator<TokenRows, never>,
  folder: string,
  key: string,
): number {
  const found = readCheckpoint(folder, key);
  if (!found?.jobs['sae']) return 0;
  finetuning.restore(found.jobs['sae']);
  for (let step = 0; step < found.step; step++) stream.next();
  return found.step;
}

async function rowsOf({ site }: GraphSae, model: LanguageModel, texts: TokenRows): Promise<Matrix> {
  const { activations } = await model.run(texts, { capture: [site] });
  return take(activations.get(site) as Matrix, rowPlaces(texts, model.tokenizer.specialIds));
}

const countRows = (texts: TokenRows, special: ReadonlySet<number>): number =>
  texts.reduce((sum, text) => sum + rowPlaces([text], special).length, 0);

async function* followingRows(
  sae: GraphSae,
  model: LanguageModel,
  stream: Generator<TokenRows, never>,
  { from, count }: { readonly from: number; readonly count: number },
): AsyncGenerator<Matrix> {
  for (let i = 0; i < from; i++) stream.next();
  for (let i = 0; i < count; i++) yield rowsOf(sae, model, stream.next().value);
}

/** The factor that scales rows to a mean norm of sqrt(dIn), `[dIn]`. */
async function scaleOf(
  sae: GraphSae,
  model: LanguageModel,
  stream: Generator<TokenRows, never>,
): Promise<Float32Array> {
  let [sum, count] = [0, 0];
  while (count < SCALE_ROWS) {
    const rows = await rowsOf(sae, model, stream.next().value);
    sum += meanNorm(rows) * rows.rows;
    count += rows.rows;
  }
  return new Float32Array(sae.dIn).fill(Math.sqrt(sae.dIn) / (sum / count || 1));
}

/** Throws, before anything is computed, what `finetuneSae` would for its SAE, model and settings. */
export function checkFinetuning(
  { site, dIn, architecture }: GraphSae,
  model: LanguageModel,
  { targetL0 }: FinetuneSettings,
): DifferentiableModel {
  const refuse = (
    code: 'usage' | 'shape-mismatch' | 'config-invalid',
    message: string,
    remedy: string,
  ): FeedprintError => new FeedprintError({ code, message, remedy });
  if (architecture.kind === 'crosscoder') {
    throw refuse(
      'config-invalid',
      'a crosscoder reads two models and cannot run inside one',
      'use an SAE of one model',
    );
  }
  if (targetL0 !== null) checkTarget(architecture.kind, targetL0);
  const width = model.sites.find((info) => info.site === site)?.width;
  if (width === undefined) {
    throw refuse(
      'usage',
      `the model has no site ${site}`,
      'use the model that the SAE was trained on',
    );
  }
  if (width !== dIn) {
    throw refuse(
      'shape-mismatch',
      `the SAE reads ${dIn} units, but ${site} of the model has ${width}`,
      'use the model that the SAE was trained on',
    );
  }
  if (model.gradients) return model as DifferentiableModel;
  throw refuse(
    'usage',
    `the model ${model.name} cannot be differentiated`,
    'use a checkpoint of a language model',
  );
}

const wasCancelled = (step: number, steps: number, kept: boolean): FeedprintError =>
  new FeedprintError({
    code: 'cancelled',
    message: `fine-tuning was cancelled after step ${step} of ${steps}`,
    remedy: kept
      ? 'call it again with the same checkpoint folder to continue'
      : 'give a checkpoint folder to be able to continue',
  });
