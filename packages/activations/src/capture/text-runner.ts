import { FeedprintError, assertFinite } from '@feedprint/core';
import type { LanguageModel, Matrix, Site, TokenRows } from '@feedprint/core';
import { unknownSite } from '../model/forward-graph.ts';
import type { DividedTexts, TextBatch } from './text-batches.ts';

/** Runs batches of texts for the rows that come from them. */
export interface TextRunner {
  /** Units of each site. */
  readonly widths: ReadonlyMap<Site, number>;
  /**
   * One forward pass for all sites. `place(t)` is where the first of text t's rows goes in the target matrices, which
   * are written to. Throws `numbers-invalid` for activations that are not finite, `shape-mismatch` for a model whose
   * activations do not have the shape it states.
   */
  run(
    batch: TextBatch,
    place: (text: number) => number,
    targets: ReadonlyMap<Site, Matrix>,
  ): Promise<void>;
}

/** Throws `usage` for sites that the model does not have. */
export function createTextRunner(
  model: LanguageModel,
  texts: TokenRows,
  sites: readonly Site[],
  { firstRow, position }: DividedTexts,
): TextRunner {
  const widths = new Map(sites.map((site) => [site, widthOf(model, site)]));
  return {
    widths,
    async run(batch, place, targets) {
      const rows = batch.map((t) => texts[t] as ArrayLike<number>);
      const { activations } = await model.run(rows, { capture: sites });
      const positions = rows.reduce((sum, { length }) => sum + length, 0);
      for (const [site, width] of widths) {
        const { data } = checkShape(site, activations.get(site), positions, width);
        const target = (targets.get(site) as Matrix).data;
        let before = 0;
        batch.forEach((t, i) => {
          const [start, end] = [firstRow[t] as number, firstRow[t + 1] as number];
          const first = place(t);
          for (let r = start; r < end; r++) {
            const from = (before + (position[r] as number)) * width;
            target.set(data.subarray(from, from + width), (first + r - start) * width);
          }
          const written = target.subarray(first * width, (first + end - start) * width);
          assertFinite(written, `activations of ${site} in text ${t}`);
          before += (rows[i] as ArrayLike<number>).length;
        });
      }
    },
  };
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
