import { FeedprintError, assertFinite, createScaleMeter, matrix, row } from '@feedprint/core';
import type {
  ActivationStore,
  LanguageModel,
  Matrix,
  Site,
  SiteScale,
  TokenRows,
} from '@feedprint/core';
import { unknownSite } from '../model/forward-graph.ts';
import { checkRange } from './check-range.ts';
import { divideTexts } from './text-blocks.ts';
import type { TextBlock } from './text-blocks.ts';

export interface ModelStoreOptions {
  /** Tokens that get no row. Default: the tokenizer's special ones. */
  readonly skip?: ReadonlySet<number>;
  /** Positions of one forward pass, padding counted; a longer text has a pass of its own. Default 512. */
  readonly blockPositions?: number;
  /** Rows that `scale` is taken from, of passes spread evenly over the texts; all rows where there are fewer. Default 65,536. */
  readonly scaleRows?: number;
}

/** Rows kept after they were computed, for the next sites and reads. */
const KEPT_ROWS = 4096;

/**
 * Activations computed when they are read, nothing on disk. Each read runs the blocks of texts that it touches, for all sites at
 * once; reads in order, and of one site after the other, run every text once. Rows are the same bits whatever is read.
 * The model must outlive the store. Throws `usage` for sites that the model has not, and when read `numbers-invalid` for
 * activations that are not finite, `shape-mismatch` for a model that gives others than it says.
 */
export function createModelStore(
  model: LanguageModel,
  texts: TokenRows,
  sites: readonly Site[],
  options: ModelStoreOptions = {},
): ActivationStore {
  const { skip = model.tokenizer.specialIds, blockPositions = 512, scaleRows = 65_536 } = options;
  const widths = new Map(sites.map((site) => [site, widthOf(model, site)]));
  const { blocks, place, ...provenance } = divideTexts(
    texts,
    blockPositions,
    (id) => !skip.has(id),
  );
  const rows = place.length;

  const run = async ({ firstText, endText, start, end }: TextBlock): Promise<Map<Site, Matrix>> => {
    const batch = texts.slice(firstText, endText).filter(({ length }) => length > 0);
    const { activations } = await model.run(batch, { capture: sites });
    const positions = batch.reduce((sum, { length }) => sum + length, 0);
    const kept = new Map<Site, Matrix>();
    for (const [site, width] of widths) {
      const all = checkShape(site, activations.get(site), positions, width);
      const m = matrix(end - start, width);
      for (let r = start; r < end; r++) row(m, r - start).set(row(all, place[r] as number));
      assertFinite(m.data, `activations of ${site}`);
      kept.set(site, m);
    }
    return kept;
  };

  const recent = new Map<TextBlock, Promise<Map<Site, Matrix>>>();
  const compute = (block: TextBlock): Promise<Map<Site, Matrix>> => {
    const computed = recent.get(block) ?? run(block);
    recent.delete(block);
    recent.set(block, computed);
    computed.catch(() => recent.delete(block));
    let held = [...recent.keys()].reduce((sum, { start, end }) => sum + end - start, 0);
    for (const oldest of recent.keys()) {
      if (held <= KEPT_ROWS || oldest === block) break;
      held -= oldest.end - oldest.start;
      recent.delete(oldest);
    }
    return computed;
  };

  const measure = async (): Promise<ReadonlyMap<Site, SiteScale>> => {
    const measured = spread(blocks, rows, scaleRows);
    const meters = new Map([...widths].map(([site, width]) => [site, createScaleMeter(width)]));
    for (const block of measured) {
      for (const [site, m] of await compute(block)) meters.get(site)?.add(m);
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
    provenance,
    width: known,
    async read(site, start, end) {
      const width = known(site);
      checkRange('the texts', start, end, rows);
      const result = matrix(end - start, width);
      for (const block of blocks) {
        const [from, to] = [Math.max(start, block.start), Math.min(end, block.end)];
        if (from >= to) continue;
        const m = (await compute(block)).get(site) as Matrix;
        const part = m.data.subarray((from - block.start) * width, (to - block.start) * width);
        result.data.set(part, (from - start) * width);
      }
      return result;
    },
    async scale(site) {
      known(site);
      scales ??= measure();
      scales.catch(() => (scales = undefined));
      return (await scales).get(site) as SiteScale;
    },
  };
}

/** Blocks of about `wanted` rows, evenly over all; all of them where there are no more rows. */
function spread(blocks: readonly TextBlock[], rows: number, wanted: number): TextBlock[] {
  if (rows <= wanted) return [...blocks];
  const count = Math.max(1, Math.ceil((blocks.length * wanted) / rows));
  return Array.from(
    { length: count },
    (_, i) => blocks[Math.floor(((i + 0.5) * blocks.length) / count)] as TextBlock,
  );
}

function widthOf({ sites }: LanguageModel, site: Site): number {
  const info = sites.find((known) => known.site === site);
  if (info) return info.width;
  throw unknownSite(
    site,
    sites.map((known) => known.site),
  );
}

function checkShape(site: Site, m: Matrix | undefined, rows: number, width: number): Matrix {
  if (m?.rows === rows && m.columns === width) return m;
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `the model gave ${m ? `[${m.rows}, ${m.columns}]` : 'nothing'} at ${site} for ${rows} positions of ${width} units`,
    remedy: 'use a LanguageModel that passes its conformance suite',
  });
}
