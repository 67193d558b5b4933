import { createHash } from 'node:crypto';
import { encodeTexts } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import type { LanguageModel, LayerDivergence } from '@feedprint/core';
import type { TextFile } from '@feedprint/feedback';
import { assertComparable, mismatched } from './comparable.ts';
import type { AuditContext, LayerSite } from './context.ts';
import type { AuditParts, ScoredWord } from './parts.ts';
import type { AuditSettings } from './settings.ts';
import { stateWords } from './state-words.ts';

/** Inputs of an audit, checked: nothing has been written yet. */
export type Prepared = Pick<
  AuditContext,
  | 'texts'
  | 'rows'
  | 'words'
  | 'occurrences'
  | 'unscored'
  | 'lexicon'
  | 'triples'
  | 'divergence'
  | 'sites'
  | 'identity'
>;

export interface PrepareInputs {
  readonly texts: TextFile;
  /** Whether sites are examined. */
  readonly keepActivations: boolean;
}

/**
 * Checks the models against each other and tries them out, tokenises the texts, finds the scored words and ranks the
 * layers. Throws `models-mismatched`, `checkpoint-invalid`, `numbers-invalid`, `feedback-empty` or `texts-invalid`.
 */
export async function prepare(
  parts: AuditParts,
  settings: AuditSettings,
  { base, tuned }: AuditContext['models'],
  { texts, keepActivations }: PrepareInputs,
): Promise<Prepared> {
  assertComparable({ base }, { tuned });
  const chosen = texts.texts.slice(0, settings.maxTexts);
  const { rows, truncated } = encodeTexts(tuned, chosen, { minTokens: 2 });
  if (rows.length === 0) {
    throw new FeedprintError({
      code: 'texts-invalid',
      message: `no text of ${texts.file} has two tokens or more`,
      remedy: 'pass longer texts',
    });
  }
  const stated = await stateWords({
    parts,
    settings,
    model: tuned,
    file: texts.file,
    texts: chosen,
    rows,
  });
  const divergence = parts.divergence.measure(base, tuned);
  if (divergence.every(({ l2 }) => l2 === 0) && sameParameters(base, tuned)) {
    throw mismatched('base and tuned have the same weights');
  }
  const sites = keepActivations ? mostDiverged(divergence, settings.layers, tuned) : [];
  for (const model of [base, tuned]) await tryOut(model, rows, stated.words, sites);
  return {
    ...stated,
    texts: { file: texts.file, truncated, unscoredWords: stated.unscoredWords },
    rows,
    divergence,
    sites,
    identity: {
      base: base.fingerprint,
      tuned: tuned.fingerprint,
      tokenizer: tuned.tokenizer.fingerprint,
      texts: createHash('sha256')
        .update(texts.sha256)
        .update(`${settings.maxTexts ?? 'all'}`)
        .digest('hex'),
      ...(parts.signal && {
        feedback: createHash('sha256')
          .update(JSON.stringify([parts.signal.name, stated.words]))
          .digest('hex'),
      }),
    },
  };
}

function sameParameters(base: LanguageModel, tuned: LanguageModel): boolean {
  const others = tuned.parameters()[Symbol.iterator]();
  for (const { data } of base.parameters()) {
    const other: Float32Array | undefined = others.next().value?.data;
    if (data.length !== other?.length || data.some((v, i) => v !== other[i])) return false;
  }
  return true;
}

/**
 * The same pass as the capture makes, on the first tokens: it finds weights that are missing, misshapen or cause
 * overflow.
 */
async function tryOut(
  model: LanguageModel,
  rows: readonly Int32Array[],
  words: readonly ScoredWord[],
  sites: readonly LayerSite[],
): Promise<void> {
  const { tokenLogProbs } = await model.run([(rows[0] as Int32Array).slice(0, 2)], {
    capture: sites.map(({ site }) => site),
    tokenLogProbs: true,
    ...(words.length > 0 && { logProbsOf: Int32Array.from(words, ({ id }) => id) }),
  });
  if (tokenLogProbs?.every(Number.isFinite)) return;
  throw new FeedprintError({
    code: 'numbers-invalid',
    message: `${model.name} gives no finite probability for the first text`,
    remedy: 'use weights that the architecture can run in 32-bit floats',
  });
}

/** MLP outputs of the layers that tuning moved furthest, in layer order. */
function mostDiverged(
  divergence: readonly LayerDivergence[],
  count: number,
  model: LanguageModel,
): LayerSite[] {
  const kept = new Set(
    [...divergence]
      .sort((a, b) => b.l2 - a.l2 || a.layer - b.layer)
      .slice(0, count)
      .map(({ layer }) => layer),
  );
  return model.sites.flatMap(({ site, layer, width }) =>
    layer !== undefined && kept.has(layer) && site.endsWith('.hook_mlp_out')
      ? [{ site, layer, width }]
      : [],
  );
}
