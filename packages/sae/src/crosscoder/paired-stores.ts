import { FeedprintError, concatColumns, createScaleMeter, matrix } from '@feedprint/core';
import type { ActivationStore, Matrix, SiteScale } from '@feedprint/core';

/** Rows read at once when measuring. */
const BATCH = 4096;

/**
 * Both models' activations of the same tokens side by side, `[base | tuned]`: the rows a crosscoder is trained on. Nothing
 * is copied; rows are joined as they are read. Throws `models-mismatched` unless sites and provenance are equal.
 */
export function concatStores(base: ActivationStore, tuned: ActivationStore): ActivationStore {
  const join = (a: Matrix, b: Matrix): Matrix => concatColumns([a, b]);
  return pairedStore(base, tuned, join, (site) => base.width(site) + tuned.width(site));
}

/**
 * What tuning changed in each token's activations, tuned minus base: the rows an SAE of differences is trained on. Throws
 * `models-mismatched` unless sites, widths and provenance are equal.
 */
export function differenceStore(base: ActivationStore, tuned: ActivationStore): ActivationStore {
  for (const site of base.sites) {
    if (!tuned.sites.includes(site) || base.width(site) === tuned.width(site)) continue;
    throw mismatch(
      `${site} is ${base.width(site)} wide in one and ${tuned.width(site)} in the other`,
    );
  }
  const subtract = (a: Matrix, b: Matrix): Matrix =>
    matrix(
      a.rows,
      a.columns,
      b.data.map((v, i) => v - (a.data[i] as number)),
    );
  return pairedStore(base, tuned, subtract, (site) => base.width(site));
}

function pairedStore(
  base: ActivationStore,
  tuned: ActivationStore,
  combine: (base: Matrix, tuned: Matrix) => Matrix,
  width: (site: string) => number,
): ActivationStore {
  checkPair(base, tuned);
  const read = async (site: string, start: number, end: number): Promise<Matrix> =>
    combine(...(await Promise.all([base.read(site, start, end), tuned.read(site, start, end)])));
  const scales = new Map<string, Promise<SiteScale>>();
  return {
    sites: base.sites,
    rows: base.rows,
    provenance: base.provenance,
    width,
    read,
    scale(site) {
      const known = scales.get(site) ?? measure(read, site, base.rows, width(site));
      scales.set(site, known);
      return known;
    },
  };
}

async function measure(
  read: ActivationStore['read'],
  site: string,
  rows: number,
  width: number,
): Promise<SiteScale> {
  const meter = createScaleMeter(width);
  for (let start = 0; start < rows; start += BATCH) {
    meter.add(await read(site, start, Math.min(rows, start + BATCH)));
  }
  return meter.result();
}

function checkPair(base: ActivationStore, tuned: ActivationStore): void {
  if ([...base.sites].sort().join() !== [...tuned.sites].sort().join()) {
    throw mismatch(`one has ${base.sites.join(', ')}, the other ${tuned.sites.join(', ')}`);
  }
  for (const name of ['text', 'position', 'token'] as const) {
    const [a, b] = [base.provenance[name], tuned.provenance[name]];
    if (a.length !== b.length) throw mismatch(`one has ${a.length} rows, the other ${b.length}`);
    const at = a.findIndex((value, i) => value !== b[i]);
    if (at >= 0)
      throw mismatch(`${name} of row ${at} is ${a[at]} in one and ${b[at]} in the other`);
  }
}

const mismatch = (how: string): FeedprintError =>
  new FeedprintError({
    code: 'models-mismatched',
    message: `the activations are not of the same tokens: ${how}`,
    remedy: 'capture both models over the same texts, at the same sites',
  });
