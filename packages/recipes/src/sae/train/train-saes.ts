import { createRandom } from '@feedprint/core';
import type { SaeFormat, SaeTrainer, SparseAutoencoder } from '@feedprint/core';
import { saeFingerprint } from '@feedprint/sae';
import type { ErrorMeasure } from '../context.ts';
import { evaluationOf } from '../evaluate/evaluate.ts';
import { inputsOf, makeSaes } from '../make-saes.ts';
import type { SaeRunOptions } from '../make-saes.ts';
import { checkPair, checkSites, tryModels } from '../models.ts';
import type { PublishedSae } from '../publish.ts';
import { rowKindOf } from '../rows.ts';
import type { SaeModels } from '../rows.ts';
import { HELD_OUT_TOKENS, drawTexts, holdOut } from '../texts.ts';
import type { SaeTexts } from '../texts.ts';
import type { TrainContext } from './context.ts';
import { checkErrorMeasure } from './metric.ts';
import { planSaes, trainerSettings } from './plan.ts';
import type { SaeGrid } from './plan.ts';
import { train } from './train.ts';

export interface TrainSaesOptions extends SaeRunOptions, SaeModels, SaeGrid {
  /** The last tenth is held out from training. */
  readonly texts: SaeTexts;
  /**
   * The trainer, and thereby the kind of SAE: its settings state `kind`, `tokens` and `batchRows`, as those of
   * `createSaeTrainer` do.
   */
  readonly trainer: SaeTrainer;
  readonly format: SaeFormat;
  /** Seed of every random choice except the order of the rows, which is up to the trainer. Default: 0. */
  readonly seed?: number;
  /** An SAE of the same kind, site and width to start from. Default: random weights. */
  readonly from?: SparseAutoencoder;
  /** How errors are weighted. Default: `plain`, by their squares. */
  readonly error?: ErrorMeasure;
  /** Compute activations when they are needed, instead of keeping them on disk. Default: false. */
  readonly stream?: boolean;
  /** Tokens between two checkpoints. Default: a twentieth of the training, at least 100,000. */
  readonly checkpointTokens?: number;
}

const evaluation = evaluationOf(train);

/**
 * Trains SAEs on the activations of a model, or of a pair of models, and evaluates them on texts that they never see:
 * one per combination of sites, widths and sparsities, all from one stream of rows, each with the same bytes as if
 * trained alone. All problems with models, texts and settings are found before the folder is touched: throws `usage`,
 * `config-invalid`, `models-mismatched`, `shape-mismatch`, `texts-invalid`, `numbers-invalid`; then `run-invalid`,
 * `output-unwritable`, `cancelled`.
 */
export async function trainSaes(options: TrainSaesOptions): Promise<PublishedSae[]> {
  const { model, base, texts, format, trainer, seed = 0, environment = {} } = options;
  const { error = 'plain', stream = false, from } = options;
  const trainerSays = trainerSettings(trainer);
  const { kind, tokens, batchRows } = trainerSays;
  const rows = rowKindOf({ base }, kind);
  checkPair({ base, model });
  checkSites(model, options.sites);
  checkErrorMeasure(error, { kind, rows, model });
  const start = from && { sae: from, fingerprint: saeFingerprint(from) };
  const saes = planSaes(options, { model, rows, trainer: trainerSays, start });
  const split = holdOut(texts);
  const random = createRandom(seed);
  const { specialIds } = model.tokenizer;
  const drawn = drawTexts(split.train, tokens, specialIds, random.fork('train texts'));
  const heldOut = drawTexts(
    split.heldOut,
    HELD_OUT_TOKENS,
    specialIds,
    random.fork('held-out texts'),
  );
  await tryModels({ model, base }, drawn, options.sites);
  const inputs = inputsOf({ model, base }, texts);
  const context: TrainContext = {
    ...{ model, base, rows, saes, start, error, trainer, batchRows, stream, format, seed },
    settings: trainer.settings,
    texts: drawn,
    heldOut,
    textsName: texts.name,
    checkpointTokens: options.checkpointTokens ?? Math.max(100_000, Math.ceil(tokens / 20)),
    identity: { feedprint: options.version, inputs, seed, environment, stream, tokens },
  };
  const settings = {
    rows,
    seed,
    stream,
    ...(error !== 'plain' && { error }),
    ...(start && { from: start.fingerprint }),
    engine: trainer.name,
    ...environment,
    trainer: trainer.settings,
    format: format.name,
    saes,
  };
  return makeSaes(options, { context, inputs, settings, trained: train, evaluated: evaluation });
}
