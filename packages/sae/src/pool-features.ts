import { FeedprintError, matrix, row } from '@feedprint/core';
import type { ActivationStore, Matrix, SparseAutoencoder } from '@feedprint/core';
import { encodeRows } from './encode-rows.ts';
import type { EncodeRowsOptions } from './encode-rows.ts';

export interface PoolOptions extends EncodeRowsOptions {
  /** What becomes of a feature's activations on the rows of a text. Default `mean`. */
  readonly pool?: 'mean' | 'max';
  /**
   * For each text of the store the position where its reply begins: the rows before are left out. Default: all rows of a text count.
   */
  readonly starts?: ArrayLike<number>;
}

export interface PooledFeatures {
  /** Texts that have a row that counts, as the store numbers them, ascending. */
  readonly texts: Int32Array;
  /** `[texts, dSae]`, in the order of `texts`. */
  readonly features: Matrix;
}

/**
 * Mean or maximum of an SAE's features over the rows of each text, or of each reply with `starts`. The store is read once, batch by
 * batch; sums are f64. Throws `usage` where no row counts, `shape-mismatch` for texts without a start, and what `encodeRows` throws.
 */
export async function poolFeatures(
  sae: SparseAutoencoder,
  store: ActivationStore,
  { pool = 'mean', starts, ...options }: PoolOptions = {},
): Promise<PooledFeatures> {
  const { text } = store.provenance;
  const counts = countRows(store, starts);
  const texts = Int32Array.from(counts.keys()).sort();
  const place = new Map(Array.from(texts, (id, i) => [id, i]));
  const features = matrix(texts.length, sae.dSae);
  const pools = { mean: meanPool, max: maxPool };
  const { add, finish } = pools[pool](
    features,
    Array.from(texts, (id) => counts.get(id) as number),
  );
  for await (const { start, features: z } of encodeRows(sae, store, options)) {
    for (let r = 0; r < z.rows; r++) {
      if (!isPooled(store, starts, start + r)) continue;
      add(place.get(text[start + r] as number) as number, row(z, r));
    }
  }
  finish();
  return { texts, features };
}

/** Takes one row after the other into a row of the result. */
interface Pool {
  add(into: number, activations: Float32Array): void;
  finish(): void;
}

/** Adds up in f64 while rows come for one text; a text that is taken up again gets the mean of what came in between added in f32. */
function meanPool(result: Matrix, counts: readonly number[]): Pool {
  const sums = new Float64Array(result.columns);
  let open = 0;
  const finish = (): void => {
    const into = row(result, open);
    sums.forEach((sum, f) => (into[f] = (into[f] as number) + sum / (counts[open] as number)));
    sums.fill(0);
  };
  return {
    finish,
    add(into, activations) {
      if (into !== open) finish();
      open = into;
      activations.forEach((z, f) => (sums[f] = (sums[f] as number) + z));
    },
  };
}

function maxPool(result: Matrix): Pool {
  result.data.fill(-Infinity);
  return {
    finish: () => undefined,
    add(into, activations) {
      const most = row(result, into);
      activations.forEach((z, f) => (most[f] = Math.max(most[f] as number, z)));
    },
  };
}

/** Whether a row is part of what is pooled. */
const isPooled = ({ provenance }: ActivationStore, starts: PoolOptions['starts'], r: number) =>
  starts === undefined ||
  (provenance.position[r] as number) >= (starts[provenance.text[r] as number] as number);

/** Rows of each text that are pooled. */
function countRows(store: ActivationStore, starts: PoolOptions['starts']): Map<number, number> {
  const counts = new Map<number, number>();
  store.provenance.text.forEach((text, r) => {
    if (starts !== undefined && starts[text] === undefined) {
      throw new FeedprintError({
        code: 'shape-mismatch',
        message: `the store has a text ${text}, and there are ${starts.length} starts of replies`,
        remedy: 'pass a start for each text of the store',
      });
    }
    if (isPooled(store, starts, r)) counts.set(text, (counts.get(text) ?? 0) + 1);
  });
  if (counts.size > 0 || store.rows === 0) return counts;
  throw new FeedprintError({
    code: 'usage',
    message: `none of the ${store.rows} rows of the store is part of a reply`,
    remedy: 'pass starts that lie within the texts',
  });
}
