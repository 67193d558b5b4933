import { FeedprintError, matrix } from '@feedprint/core';
import type { Edit, Matrix, Site, SiteInfo } from '@feedprint/core';
import { isGraphEdit } from '@feedprint/graph';
import type { GraphEdit, Value } from '@feedprint/graph';
import { unknownSite } from './forward-graph.ts';
import type { ForwardPlan } from './forward-graph.ts';
import type { Passes } from './passes.ts';
import type { TokenBatch } from './token-batch.ts';

export type Values = Readonly<Record<string, Value>>;

/** What a pass computes, apart from edits. */
export type PlanWithoutEdits = Omit<ForwardPlan, 'edits' | 'overrides'>;

/** Runs a plan over a packed batch with edits of any kind; `feeds` are the batch's and whatever else the plan needs. */
export type EditedPasses = (
  batch: TokenBatch,
  edits: readonly Edit[],
  plan: PlanWithoutEdits,
  feeds: Values,
) => Promise<Values>;

export function createEditedPasses(passes: Passes, sites: readonly SiteInfo[]): EditedPasses {
  const order = sites.map(({ site }) => site);
  return async (batch, edits, { ...plan }, feeds) => {
    const { callbacks, spliced } = divide(edits);
    const unknown = callbacks.find(({ site }) => !order.includes(site));
    if (unknown) throw unknownSite(unknown.site, order);
    const overrides: Record<Site, Value> = {};
    /** Runs up to the site unless it is replaced, edits, and continues from there, in the order of the forward pass. */
    for (const site of order.filter((s) => callbacks.some((edit) => edit.site === s))) {
      const own = callbacks.filter((edit) => edit.site === site);
      const start = own.findLastIndex(({ replacement }) => replacement !== undefined);
      let activations = own[start]?.replacement;
      if (!activations) {
        const results = await passes(
          {
            capture: [site],
            logProbsOf: 'none',
            edits: spliced,
            overrides: Object.keys(overrides),
            cache: { reads: plan.cache.reads, writes: false },
          },
          { ...feeds, ...overrideFeeds(overrides) },
        );
        activations = toMatrix(results[site] as Value);
      }
      for (const edit of own.slice(start + 1)) {
        activations = await edit.apply(activations, batch.position);
      }
      const width = sites.find((info) => info.site === site)?.width as number;
      overrides[site] = checked(activations, [batch.position.length, width]);
    }
    if (isIdle(plan)) return {};
    return passes(
      { ...plan, edits: spliced, overrides: Object.keys(overrides) },
      { ...feeds, ...overrideFeeds(overrides) },
    );
  };
}

interface DividedEdits {
  readonly callbacks: readonly Edit[];
  readonly spliced: readonly GraphEdit[];
}

/** At a site with both kinds of edit, every edit runs as a callback, so that they act in the order given. */
function divide(all: readonly Edit[]): DividedEdits {
  const graphEdits = all.filter(isGraphEdit);
  const callbacks = all.filter((edit) => !isGraphEdit(edit));
  const mixed = graphEdits.some((edit) => callbacks.some(({ site }) => site === edit.site));
  return mixed ? { callbacks: all, spliced: [] } : { callbacks, spliced: graphEdits };
}

const isIdle = ({
  capture,
  logits = 'none',
  tokenLogProbs,
  logProbsOf,
  cache,
  gradients,
}: PlanWithoutEdits): boolean =>
  (capture?.length ?? 0) === 0 &&
  logits === 'none' &&
  !tokenLogProbs &&
  logProbsOf === 'none' &&
  !cache.writes &&
  (gradients?.sites.length ?? 0) === 0;

const overrideFeeds = (overrides: Values): Record<string, Value> =>
  Object.fromEntries(Object.entries(overrides).map(([site, value]) => [`override:${site}`, value]));

export function toMatrix({ data, shape }: Value): Matrix {
  return matrix(shape[0] as number, shape[1] as number, data as Float32Array);
}

function checked(
  { rows, columns, data }: Matrix,
  [positions, width]: readonly [number, number],
): Value {
  if (rows === positions && columns === width) return { data, shape: [rows, columns] };
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `an edit returned [${rows}, ${columns}] for [${positions}, ${width}]`,
    remedy: "return one row per position, of the site's width",
  });
}
