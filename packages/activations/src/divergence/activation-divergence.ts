import { FeedprintError, sameTokens } from '@feedprint/core';
import type { LanguageModel, Site, TokenRows } from '@feedprint/core';
import { createModelStore } from '../capture/model-store.ts';
import { cancelled, mismatch } from './comparison-errors.ts';
import { createLinearCka } from './linear-cka.ts';
import { createRowDistanceMeter } from './row-distances.ts';
import type { RowDistances } from './row-distances.ts';

/** How tuning changed the activations of one site. */
export interface ActivationDivergence extends RowDistances {
  readonly site: Site;
  /** Block of the site; absent for a site outside blocks. */
  readonly layer?: number;
  /** Positions compared. */
  readonly positions: number;
  /**
   * Linear centred kernel alignment, 1 for activations that are equal up to rotation and scale; `null` if one side
   * never varies.
   */
  readonly cka: number | null;
}

export interface ActivationDivergenceOptions {
  readonly sites: readonly Site[];
  /** Tokens whose positions are left out. Default: the tokenizer's special ones. */
  readonly skip?: ReadonlySet<number>;
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops between two blocks of rows; the call then throws `cancelled`. */
  readonly signal?: AbortSignal;
}

/** Rows compared at once. */
const ROWS = 512;

/**
 * Compares the activations of two models at the same positions of texts, site by site, in one pass that stores none of
 * them. Throws `models-mismatched` for models whose tokens or widths differ, `usage` for sites that one of them does
 * not have, `texts-invalid` if there is no position.
 */
export async function activationDivergence(
  base: LanguageModel,
  tuned: LanguageModel,
  texts: TokenRows,
  options: ActivationDivergenceOptions,
): Promise<readonly ActivationDivergence[]> {
  const { skip, onProgress, signal } = options;
  const sites = [...new Set(options.sites)];
  if (!sameTokens(base.tokenizer, tuned.tokenizer)) {
    throw mismatch('the models have different tokenizers');
  }
  const [a, b] = [base, tuned].map((model) =>
    createModelStore(model, texts, sites, { ...(skip && { skip }) }),
  ) as [ReturnType<typeof createModelStore>, ReturnType<typeof createModelStore>];
  if (a.rows === 0) throw noPositions();
  const meters = sites.map((site) => {
    const width = a.width(site);
    if (b.width(site) !== width) {
      throw mismatch(
        `${site} has ${width} units in the base and ${b.width(site)} in the tuned model`,
      );
    }
    return { site, distances: createRowDistanceMeter(), cka: createLinearCka(width, width) };
  });
  for (let start = 0; start < a.rows; start += ROWS) {
    if (signal?.aborted) throw cancelled();
    const end = Math.min(a.rows, start + ROWS);
    for (const { site, distances, cka } of meters) {
      const [x, y] = [await a.read(site, start, end), await b.read(site, start, end)];
      distances.add(x, y);
      cka.add(x, y);
    }
    onProgress?.(end, a.rows);
  }
  return meters.map(({ site, distances, cka }) => {
    const layer = base.sites.find((info) => info.site === site)?.layer;
    return {
      site,
      ...(layer !== undefined && { layer }),
      positions: a.rows,
      ...(distances.result() as RowDistances),
      cka: cka.result(),
    };
  });
}

const noPositions = (): FeedprintError =>
  new FeedprintError({
    code: 'texts-invalid',
    message: 'the texts have no token to compare at',
    remedy: 'give texts with ordinary tokens',
  });
