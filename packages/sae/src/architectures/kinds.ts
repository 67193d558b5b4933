import { FeedprintError } from '@feedprint/core';

/** An SAE's architecture, and what the computation of its features depends on besides the weights. */
export type SaeKind =
  /** The paper's: z = ReLU(x W^T + b), reconstruction z W + bDec, rows of W of unit length (arXiv 2310.08164, section 3.2). */
  | { readonly kind: 'tied' }
  /** z = ReLU((x - bDec) wEnc + bEnc) (Bricken et al. 2023). */
  | { readonly kind: 'relu'; readonly centred?: boolean }
  /** z = [(x - bDec) wEnc + bGate > 0] ReLU((x - bDec) wEnc exp(rMag) + bEnc) (Rajamanoharan et al. 2024, arXiv 2404.16014). */
  | { readonly kind: 'gated' }
  /** The k largest pre-activations of each row, negative ones dropped (Gao et al. 2024, arXiv 2406.04093). */
  | { readonly kind: 'topk'; readonly k: number; readonly centred?: boolean }
  /** The k x rows largest of a training batch; afterwards those above a learned threshold (Bussmann et al. 2024, arXiv 2412.06410). */
  | { readonly kind: 'batchtopk'; readonly k: number }
  /** Pre-activations above a threshold per feature (Rajamanoharan et al. 2024, arXiv 2407.14435). */
  | { readonly kind: 'jumprelu'; readonly centred?: boolean }
  /** BatchTopK whose first `widths[i]` features also reconstruct alone (Bussmann et al. 2025, arXiv 2503.17547). */
  | { readonly kind: 'matryoshka'; readonly k: number; readonly widths: readonly number[] }
  /**
   * BatchTopK over the activations of several models side by side, `[x of the first | x of the second]`; features are ranked by
   * activation times the sum of their decoder vectors' lengths per model (Minder et al. 2025, arXiv 2504.02922).
   */
  | { readonly kind: 'crosscoder'; readonly k: number; readonly models: number };

export type SaeKindName = SaeKind['kind'];

const names: { readonly [Name in SaeKindName]: Name } = {
  tied: 'tied',
  relu: 'relu',
  gated: 'gated',
  topk: 'topk',
  batchtopk: 'batchtopk',
  jumprelu: 'jumprelu',
  matryoshka: 'matryoshka',
  crosscoder: 'crosscoder',
};

/** Names of all kinds. */
export const kindNames = Object.keys(names) as [SaeKindName, ...SaeKindName[]];

/** The member of `SaeKind` of that name. */
export type KindOf<Name extends SaeKindName> = Extract<SaeKind, { readonly kind: Name }>;

/** Throws `config-invalid` for more active features than the SAE has, or widths that do not nest within them. */
export function checkKind(kind: SaeKind, dSae: number): void {
  if ('k' in kind && kind.k > dSae) {
    throw new FeedprintError({
      code: 'config-invalid',
      message: `k = ${kind.k} is more than the ${dSae} features`,
      remedy: 'lower k or widen the SAE',
    });
  }
  if (kind.kind !== 'matryoshka') return;
  const { widths } = kind;
  const nested = widths.every((width, i) => width > (widths[i - 1] ?? 0));
  if (nested && widths.at(-1) === dSae) return;
  throw new FeedprintError({
    code: 'config-invalid',
    message: `widths ${widths.join(', ')} do not nest in ${dSae} features`,
    remedy: `give increasing widths that end with ${dSae}`,
  });
}
