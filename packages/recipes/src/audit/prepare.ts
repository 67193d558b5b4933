import { createHash } from 'node:crypto';
import { encodeTexts } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import type { LanguageModel, LayerDivergence } from '@feedprint/core';
import type { TextFile } from '@feedprint/feedback';
import { assertComparable, mismatched } from './comparable.ts';
import type { AuditContext, LayerSite } from './context.ts';
import type { AuditParts, ScoredWord } from './parts.ts';
import type { AuditSettings } from './settings.ts';
import { chooseTriples } from './estimators/triples.ts';

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

/**
 * Checks the models against each other and tries them out, tokenises the texts, finds the scored words and ranks the
 * layers. Throws `models-mismatched`, `checkpoint-invalid`, `numbers-invalid`, `feedback-empty` or `texts-invalid`.
 */
export async function prepare(
  parts: AuditParts,
  settings: AuditSettings,
  { base, tuned }: AuditContext['models'],
  texts: TextFile,
): Promise<Prepared> {
  assertComparable({ base }, { tuned });
  const { tokenizer } = tuned;
  const chosen = texts.texts.slice(0, settings.maxTexts);
  const { rows, truncated } = encodeTexts(tuned, chosen, { minTokens: 2 });
  if (rows.length === 0) {
    throw new FeedprintError({
      code: 'texts-invalid',
      message: `no text of ${texts.file} has two tokens or more`,
      remedy: 'pass longer texts',
    });
  }
  const all = await parts.scoredWords(tokenizer, parts.signal);
  const counts = countTokens(rows);
  const words = all.filter(({ id }) => counts.has(id));
  if (words.length === 0) {
    throw new FeedprintError({
      code: 'feedback-empty',
      message: `none of the ${all.length} tokens that ${parts.signal.name} scores occurs in the ${rows.length} texts of ${texts.file}`,
      remedy: 'pass texts in the language and style that the feedback is about',
    });
  }
  assertVaries(words, parts);
  const triples = await chooseTriples({ parts, settings, model: tuned, texts: chosen, words });
  const divergence = parts.divergence.measure(base, tuned);
  if (divergence.every(({ l2 }) => l2 === 0) && sameParameters(base, tuned)) {
    throw mismatched('base and tuned have the same weights');
  }
  const sites = mostDiverged(divergence, settings.layers, tuned);
  for (const model of [base, tuned]) await tryOut(model, rows, words, sites);
  return {
    texts: {
      file: texts.file,
      truncated,
      unscoredWords: await countSplitWords(chosen, all, parts),
    },
    rows,
    words,
    occurrences: Int32Array.from(words, ({ id }) => counts.get(id) ?? 0),
    unscored: mostFrequent(counts, new Set([...tokenizer.specialIds, ...all.map(({ id }) => id)])),
    lexicon: all,
    triples,
    divergence,
    sites,
    identity: {
      base: base.fingerprint,
      tuned: tuned.fingerprint,
      tokenizer: tokenizer.fingerprint,
      texts: createHash('sha256')
        .update(texts.sha256)
        .update(`${settings.maxTexts ?? 'all'}`)
        .digest('hex'),
      feedback: createHash('sha256')
        .update(JSON.stringify([parts.signal.name, words]))
        .digest('hex'),
    },
  };
}

/** Share of the words that may be told the same. */
const ALIKE = 0.95;

/** Refuses feedback that tells next to all words the same: nothing can be said to follow it. */
function assertVaries(words: readonly ScoredWord[], { signal }: AuditParts): void {
  const counts = new Map<number, number>();
  for (const { stated } of words) counts.set(stated, (counts.get(stated) ?? 0) + 1);
  const [[value, count] = [0, 0]] = [...counts].sort(([, a], [, b]) => b - a);
  if (words.length < 2 || count < ALIKE * words.length) return;
  throw new FeedprintError({
    code: 'feedback-empty',
    message: `${signal.name} says ${value} of ${count === words.length ? `all ${count}` : `${count} of ${words.length}`} words of the texts, so that nothing can be said to have followed it`,
    remedy: 'pass feedback that tells words apart',
  });
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
    logProbsOf: Int32Array.from(words, ({ id }) => id),
  });
  if (tokenLogProbs?.every(Number.isFinite)) return;
  throw new FeedprintError({
    code: 'numbers-invalid',
    message: `${model.name} gives no finite probability for the first text`,
    remedy: 'use weights that the architecture can run in 32-bit floats',
  });
}

async function countSplitWords(
  texts: readonly string[],
  scored: readonly ScoredWord[],
  { signal }: AuditParts,
): Promise<number> {
  const single = new Set(scored.map(({ word }) => word));
  const words = [...new Set(texts.flatMap((text) => text.match(/(?<= )\p{L}+/gu) ?? []))];
  const scores = await signal.score(words.map((word) => ` ${word}`));
  return words.filter((word, i) => scores[i] !== undefined && !single.has(word)).length;
}

/** Unscored tokens whose probabilities are followed. */
const UNSCORED = 1000;

/** The most frequent tokens but those left out, by vocabulary id. */
const mostFrequent = (
  counts: ReadonlyMap<number, number>,
  leftOut: ReadonlySet<number>,
): number[] =>
  [...counts]
    .filter(([id]) => !leftOut.has(id))
    .sort(([a, n], [b, m]) => m - n || a - b)
    .slice(0, UNSCORED)
    .map(([id]) => id)
    .sort((a, b) => a - b);

function countTokens(rows: readonly Int32Array[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const row of rows) for (const id of row) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
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
