import { createScaleMeter, matrix } from '@feedprint/core';
import type {
  ActivationStore,
  LanguageModel,
  Matrix,
  Site,
  SiteScale,
  TokenRows,
} from '@feedprint/core';
import { unknownSite } from '../model/forward-graph.ts';
import { createBatchCache } from './batch-cache.ts';
import { checkRange } from './check-range.ts';
import { divideTexts, streamBatching } from './text-batches.ts';
import type { DivideOptions, TextBatch, TextWindow } from './text-batches.ts';
import { createTextRunner } from './text-runner.ts';

export interface ModelStoreOptions extends DivideOptions {
  /** Tokens that get no row. Default: the tokenizer's special ones. */
  readonly skip?: ReadonlySet<number>;
  /**
   * Rows from which `scale` is computed, in windows spread evenly over the texts; all rows if there are fewer. Default
   * 65,536.
   */
  readonly scaleRows?: number;
}

/** Minimum number of rows kept after they were computed, for the next sites and reads. */
const KEPT_ROWS = 4096;

/**
 * Activations computed when they are read; nothing is written to disk. Each read runs the batches of texts that it
 * touches, for all sites at once; reads in order, and of one site after another, run every text once. Rows have the
 * same bits whatever is read, and the same as those of a capture with the same `batchPositions` and `windowPositions`.
 * The model must outlive the store. Throws `usage` for sites that the model does not have; reading throws
 * `numbers-invalid` for activations that are not finite, `shape-mismatch` for a model whose activations do not have the
 * shape it states.
 */
export function createModelStore(
  model: LanguageModel,
  texts: TokenRows,
  sites: readonly Site[],
  options: ModelStoreOptions = {},
): ActivationStore {
  const { skip = model.tokenizer.specialIds, scaleRows = 65_536 } = options;
  const division = { ...streamBatching, ...options };
  const divided = divideTexts(texts, (id) => !skip.has(id), division);
  const { windows, firstRow, text, position, token } = divided;
  const runner = createTextRunner(model, texts, sites, divided);
  const { widths } = runner;
  const rows = token.length;
  const batchOf = new Map<number, TextBatch>();
  for (const { batches } of windows) {
    for (const batch of batches) for (const t of batch) batchOf.set(t, batch);
  }

  // Two windows, so that a read across their boundary still finds both.
  const keptRows = Math.max(KEPT_ROWS, 2 * division.windowPositions);
  const compute = createBatchCache(runner, divided, keptRows);

  /** Copies rows `[start, end)` of a site, batch by batch. */
  const copy = async (site: Site, start: number, end: number): Promise<Matrix> => {
    const width = widths.get(site) as number;
    const result = matrix(end - start, width);
    const wanted = new Map<TextBatch, number[]>();
    for (let r = start; r < end;) {
      const t = text[r] as number;
      const batch = batchOf.get(t) as TextBatch;
      wanted.set(batch, [...(wanted.get(batch) ?? []), t]);
      r = firstRow[t + 1] as number;
    }
    for (const [batch, members] of wanted) {
      const { place, activations } = await compute(batch);
      const { data } = activations.get(site) as Matrix;
      for (const t of members) {
        const first = firstRow[t] as number;
        const [from, to] = [Math.max(start, first), Math.min(end, firstRow[t + 1] as number)];
        const shift = (place.get(t) as number) - first;
        result.data.set(
          data.subarray((from + shift) * width, (to + shift) * width),
          (from - start) * width,
        );
      }
    }
    return result;
  };

  const measure = async (): Promise<ReadonlyMap<Site, SiteScale>> => {
    const meters = new Map([...widths].map(([site, width]) => [site, createScaleMeter(width)]));
    for (const { start, end } of spread(windows, rows, scaleRows)) {
      for (const [site, meter] of meters) meter.add(await copy(site, start, end));
    }
    return new Map([...meters].map(([site, meter]) => [site, meter.result()]));
  };
  let scales: ReturnType<typeof measure> | undefined;
  const known = (site: Site): number => {
    const width = widths.get(site);
    if (width === undefined) throw unknownSite(site, sites);
    return width;
  };

  return {
    sites: [...widths.keys()],
    rows,
    provenance: { text, position, token },
    width: known,
    async read(site, start, end) {
      known(site);
      checkRange('the texts', start, end, rows);
      return copy(site, start, end);
    },
    async scale(site) {
      known(site);
      scales ??= measure();
      scales.catch(() => (scales = undefined));
      return (await scales).get(site) as SiteScale;
    },
  };
}

/** Windows with about `wanted` rows in total, spread evenly; all windows if there are no more rows than that. */
function spread(windows: readonly TextWindow[], rows: number, wanted: number): TextWindow[] {
  if (rows <= wanted) return [...windows];
  const count = Math.max(1, Math.ceil((windows.length * wanted) / rows));
  return Array.from(
    { length: count },
    (_, i) => windows[Math.floor(((i + 0.5) * windows.length) / count)] as TextWindow,
  );
}
