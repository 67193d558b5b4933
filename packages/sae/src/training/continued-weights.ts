import { FeedprintError, norm, row } from '@feedprint/core';
import type { SaeWeights, Site, SparseAutoencoder } from '@feedprint/core';
import { architectureOf, centresInput } from '../architectures/architectures.ts';
import type { SaeKind, SaeKindName } from '../architectures/kinds.ts';
import { foldDecoderLengths } from '../formats/folds.ts';
import type { GraphSae } from '../sae.ts';
import { unfoldRoot } from './metric-root.ts';
import type { MetricRoot } from './metric-root.ts';
import type { InitialWeights } from './parameters.ts';
import { foldScale } from './scale.ts';

/** How the rows seen by training differ from those of the store. */
export interface SeenRows {
  readonly kind: SaeKind;
  /** Factor per unit, `[dIn]`. */
  readonly scale: Float32Array;
  readonly root?: MetricRoot | undefined;
  /** Keeps the lengths of decoder rows, unless the encoder is tied to them: features, and how they are ranked, stay the same. */
  readonly keepsLengths?: boolean;
}

/**
 * The weights of an SAE as training keeps them: for scaled rows times the root, with decoder rows of unit length if the
 * kind requires that and lengths are not kept. Features are the same up to those lengths. Throws `config-invalid` for a
 * decoder row of length 0.
 */
export function continuedWeights(
  { weights }: SparseAutoencoder,
  { kind, scale, root, keepsLengths = false }: SeenRows,
): InitialWeights {
  const { training } = architectureOf(kind);
  const models = kind.kind === 'crosscoder' ? kind.models : 1;
  const scaled = foldScale(
    weights,
    scale.map((factor) => 1 / factor),
    models,
  );
  const seen = root ? unfoldRoot(scaled, root) : scaled;
  const kept = keepsLengths && !training.isTied;
  const lengths = training.decoder === 'unit' ? lengthsOf(seen) : undefined;
  const started = lengths && !kept ? withUnitRows(seen, lengths) : seen;
  const { wEnc, bEnc, wDec, bDec, extra = {} } = started;
  const { rows: dIn, columns: dSae } = wEnc;
  const wEncRows = new Float32Array(dSae * dIn);
  for (let f = 0; f < dSae; f++) {
    for (let i = 0; i < dIn; i++) wEncRows[f * dIn + i] = wEnc.data[i * dSae + f] as number;
  }
  return {
    wEnc: wEncRows,
    bEnc,
    wDec: wDec.data,
    bDec,
    ...(kept && lengths && { lengths }),
    ...(training.fromExtra && { vectors: training.fromExtra(extra) }),
  };
}

/** Lengths of decoder rows, none of which may be 0. */
function lengthsOf({ wDec }: SaeWeights): Float32Array {
  const lengths = Float32Array.from({ length: wDec.rows }, (_, f) => norm(row(wDec, f)));
  const empty = lengths.indexOf(0);
  if (empty < 0) return lengths;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `feature ${empty} of the SAE to train further has a decoder vector of zeros`,
    remedy: 'train a new one, or start from an SAE whose features all have a direction',
  });
}

/** Features times the lengths of their decoder rows, which become 1; what features are compared with is scaled likewise. */
function withUnitRows(weights: SaeWeights, lengths: Float32Array): SaeWeights {
  const { extra = {} } = weights;
  const longer = Object.entries(extra).map(([name, vector]) => [
    name,
    // The logarithm of a factor is not an activation.
    name === 'rMag' ? vector : vector.map((v, f) => v * (lengths[f] as number)),
  ]);
  return { ...foldDecoderLengths(weights), extra: Object.fromEntries(longer) as typeof extra };
}

/** What an SAE becomes when it is trained further. */
export interface WantedSae {
  readonly kind: SaeKindName;
  readonly site: Site;
  readonly dIn: number;
  readonly dSae: number;
}

/**
 * Throws `shape-mismatch` for an SAE to train further with a different number of units or features, and `config-invalid`
 * for one of another site or kind, or one that does not subtract its bias from the input although training would.
 */
export function checkStart(from: SparseAutoencoder, { kind, site, dIn, dSae }: WantedSae): void {
  const centred = (architecture: SaeKind): string =>
    `${centresInput(architecture) ? 'centred' : 'plain'} input`;
  const trained = { kind } as SaeKind;
  const compared = [
    ['config-invalid', from.site, site],
    ['config-invalid', `kind ${from.kind}`, `kind ${kind}`],
    ['shape-mismatch', `${from.dIn} units`, `${dIn} units`],
    ['shape-mismatch', `${from.dSae} features`, `${dSae} features`],
    [
      'config-invalid',
      centred((from as Partial<GraphSae>).architecture ?? trained),
      centred(trained),
    ],
  ] as const;
  const differing = compared.find(([, has, wanted]) => has !== wanted);
  if (!differing) return;
  const [code, has, wanted] = differing;
  throw new FeedprintError({
    code,
    message: `the SAE to train further is one of ${has}, not of ${wanted}`,
    remedy: 'train it further as what it is, or train a new one',
  });
}
