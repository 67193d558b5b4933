import {
  FeedprintError,
  batchTexts,
  positionsPerBatch,
  row,
  sameTokens,
  takeRows,
} from '@feedprint/core';
import type { LanguageModel, Matrix, Provenance, Site, TokenRows } from '@feedprint/core';
import { cancelled, mismatch } from '../divergence/comparison-errors.ts';
import { sharedVocabulary } from '../divergence/shared-vocabulary.ts';
import { unknownSite } from '../model/forward-graph.ts';
import { createDifferenceMeter } from './difference-meter.ts';
import type { DifferenceMeter } from './difference-meter.ts';
import type { MeasureChangesOptions, ModelChanges, SiteDifferences } from './model-changes.ts';
import { createNextTokenMeter, createVocabularySums } from './next-token-kl.ts';

/**
 * Compares two models at every position of the texts that is followed by a token, in one pass of each, which holds the
 * logits of one batch at a time. If one model knows more tokens, the two are compared on those that both know. Throws
 * `models-mismatched` for models whose tokens or widths differ, `usage` for sites that one of them does not have,
 * `texts-invalid` if there is no such position, `numbers-invalid` for logits that are not finite, `cancelled`.
 */
export async function measureChanges(
  base: LanguageModel,
  tuned: LanguageModel,
  texts: TokenRows,
  options: MeasureChangesOptions,
): Promise<ModelChanges> {
  const { skip = base.tokenizer.specialIds, onProgress, onRows, signal } = options;
  const sites = [...new Set(options.sites)];
  const vocabularySize = sharedVocabulary(base, tuned);
  const { detailed = [], words = [], moments = true } = options;
  const meters = siteMeters(base, tuned, {
    sites,
    detailed: new Set(detailed),
    details: { words, moments },
  });
  const all = placesOf(texts, skip);
  const total = all.token.length;
  if (total === 0) throw noPositions();
  const meter = createNextTokenMeter(vocabularySize);
  const vocabulary = createVocabularySums(vocabularySize);
  const [kl, reverseKl] = [new Float64Array(total), new Float64Array(total)];
  const gained = new Int32Array(total);
  let done = 0;
  for (const batch of batchTexts(texts, positionsPerBatch(vocabularySize))) {
    if (signal?.aborted) throw cancelled();
    const rows = batch.map((t) => texts[t] as ArrayLike<number>);
    const { kept, next } = keptPositions(rows, skip);
    if (kept.length === 0) continue;
    const request = { capture: sites, logits: 'all' } as const;
    const a = await base.run(rows, request);
    const b = await tuned.run(rows, request);
    kept.forEach((position, i) => {
      const [before, after] = [
        row(a.logits as Matrix, position),
        row(b.logits as Matrix, position),
      ];
      const found = meter.measure(before, after, vocabulary);
      kl[done + i] = found.kl;
      reverseKl[done + i] = found.reverse;
      gained[done + i] = found.gained;
    });
    const end = done + kept.length;
    const places = {
      text: all.text.subarray(done, end),
      position: all.position.subarray(done, end),
      token: all.token.subarray(done, end),
    };
    const pick = (from: ReadonlyMap<Site, Matrix>): ReadonlyMap<Site, Matrix> =>
      new Map(sites.map((site) => [site, takeRows(from.get(site) as Matrix, kept)]));
    const paired = { ...places, base: pick(a.activations), tuned: pick(b.activations) };
    for (const [site, differences] of meters) {
      const of = (from: ReadonlyMap<Site, Matrix>): Matrix => from.get(site) as Matrix;
      differences.add(of(paired.base), of(paired.tuned), places.token, next);
    }
    await onRows?.(paired);
    done = end;
    onProgress?.(done, total);
  }
  return {
    places: all,
    kl,
    reverseKl,
    gained,
    vocabulary,
    sites: new Map([...meters].map(([site, m]) => [site, m.result() as SiteDifferences])),
  };
}

/** Checks that the models can be compared at the sites. */
function siteMeters(
  base: LanguageModel,
  tuned: LanguageModel,
  {
    sites,
    detailed,
    details,
  }: {
    readonly sites: readonly Site[];
    readonly detailed: ReadonlySet<Site>;
    readonly details: { readonly words: ArrayLike<number>; readonly moments: boolean };
  },
): ReadonlyMap<Site, DifferenceMeter> {
  if (!sameTokens(base.tokenizer, tuned.tokenizer)) {
    throw mismatch('the models have different tokenizers');
  }
  const vocabularySize = sharedVocabulary(base, tuned);
  return new Map(
    sites.map((site) => {
      const [width, other] = [base, tuned].map((model) => widthOf(model, site)) as [number, number];
      if (width !== other) {
        throw mismatch(`${site} has ${width} units in the base and ${other} in the tuned model`);
      }
      const options = { width, vocabularySize, ...(detailed.has(site) && { details }) };
      return [site, createDifferenceMeter(options)];
    }),
  );
}

function widthOf({ sites }: LanguageModel, site: Site): number {
  const found = sites.find((info) => info.site === site);
  if (found) return found.width;
  throw unknownSite(
    site,
    sites.map((info) => info.site),
  );
}

/** Every position that is followed by a token, except those of skipped tokens. */
function placesOf(texts: TokenRows, skip: ReadonlySet<number>): Provenance {
  const [text, position, token]: [number[], number[], number[]] = [[], [], []];
  texts.forEach((tokens, t) => {
    for (let p = 0; p + 1 < tokens.length; p++) {
      if (skip.has(tokens[p] as number)) continue;
      text.push(t);
      position.push(p);
      token.push(tokens[p] as number);
    }
  });
  return {
    text: Int32Array.from(text),
    position: Int32Array.from(position),
    token: Int32Array.from(token),
  };
}

/** The same for one batch: places among its concatenated positions, and the tokens that follow. */
function keptPositions(
  rows: TokenRows,
  skip: ReadonlySet<number>,
): { readonly kept: number[]; readonly next: number[] } {
  const [kept, next]: [number[], number[]] = [[], []];
  let first = 0;
  for (const tokens of rows) {
    for (let p = 0; p + 1 < tokens.length; p++) {
      if (skip.has(tokens[p] as number)) continue;
      kept.push(first + p);
      next.push(tokens[p + 1] as number);
    }
    first += tokens.length;
  }
  return { kept, next };
}

const noPositions = (): FeedprintError =>
  new FeedprintError({
    code: 'texts-invalid',
    message: 'no position in the texts is followed by a token',
    remedy: 'give texts of at least two ordinary tokens',
  });
