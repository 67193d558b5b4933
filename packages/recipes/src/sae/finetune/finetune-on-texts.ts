import { createRandom } from '@feedprint/core';
import type { LanguageModel, SaeFormat } from '@feedprint/core';
import { checkFinetuning, parseFinetuneSettings, saeFingerprint } from '@feedprint/sae';
import type { FinetuneSettings, GraphSae } from '@feedprint/sae';
import { evaluationOf } from '../evaluate/evaluate.ts';
import { inputsOf, makeSaes } from '../make-saes.ts';
import type { SaeRunOptions } from '../make-saes.ts';
import { checkSites, tryModels } from '../models.ts';
import type { PublishedSae } from '../publish.ts';
import { HELD_OUT_TOKENS, drawTexts, holdOut } from '../texts.ts';
import type { SaeTexts } from '../texts.ts';
import { finetune } from './finetune.ts';
import type { FinetuneContext } from './finetune.ts';

export interface FinetuneSaeOnTextsOptions extends SaeRunOptions {
  /** The SAE to start from, of one model's activations. */
  readonly sae: GraphSae;
  /** The model whose activations they are; it must be differentiable. */
  readonly model: LanguageModel;
  /** The last tenth is held out from training. */
  readonly texts: SaeTexts;
  readonly format: SaeFormat;
  readonly settings?: Partial<FinetuneSettings>;
  /** Seed of every random choice. Default: 0. */
  readonly seed?: number;
  /** Threads inside one operator; part of every stage's key. Default: all cores, as onnxruntime chooses. */
  readonly threads?: number;
  /** Tokens between two checkpoints. Default: a twentieth of the training. */
  readonly checkpointTokens?: number;
}

const evaluation = evaluationOf(finetune);

/**
 * `finetuneSae` as a run in a folder, with the resulting SAE evaluated on texts that it never sees. All problems with
 * SAE, model, texts and settings are found before the folder is touched: throws `usage`, `config-invalid`,
 * `shape-mismatch`, `texts-invalid`, `numbers-invalid`; then `run-invalid`, `output-unwritable`, `cancelled`.
 */
export async function finetuneSaeOnTexts(
  options: FinetuneSaeOnTextsOptions,
): Promise<PublishedSae[]> {
  const { sae, model, texts, format, seed = 0, threads, version, environment = {} } = options;
  const { site, dSae } = sae;
  const settings = parseFinetuneSettings(options.settings ?? {});
  checkSites(model, [site]);
  checkFinetuning(sae, model, settings);
  const split = holdOut(texts);
  const heldOut = drawTexts(
    split.heldOut,
    HELD_OUT_TOKENS,
    model.tokenizer.specialIds,
    createRandom(seed).fork('held-out texts'),
  );
  await tryModels({ model }, split.train, [site]);
  const start = { sae, fingerprint: saeFingerprint(sae) };
  const inputs = inputsOf({ model }, texts);
  const context: FinetuneContext = {
    ...{ model, base: undefined, rows: 'model', error: 'plain', start, settings, format, seed },
    saes: [{ name: 'sae', site, dSae, settings: {} }],
    threads,
    texts: split.train,
    heldOut,
    textsName: texts.name,
    checkpointTokens: options.checkpointTokens ?? Math.ceil(settings.tokens / 20),
    identity: { feedprint: version, inputs, seed, threads, environment },
  };
  const described = {
    finetune: { from: start.fingerprint, settings, seed, threads, ...environment },
  };
  return makeSaes(options, {
    context,
    inputs,
    settings: described,
    trained: finetune,
    evaluated: evaluation,
  });
}
