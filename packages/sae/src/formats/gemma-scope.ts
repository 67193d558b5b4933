import { resolve } from 'node:path';
import type { Site } from '@feedprint/core';
import { createSae } from '../sae.ts';
import { checkTensors } from './checked-tensors.ts';
import { foldFinetuning } from './finetuning.ts';
import { requireSite, unsupported } from './refusals.ts';
import type { SaeReader } from './sae-reader.ts';

/**
 * Gemma Scope (Lieberum et al. 2024, arXiv 2408.05147): `params.npz` with `W_enc` `[d_in, d_sae]`, `b_enc`, `threshold`,
 * `W_dec` `[d_sae, d_in]`, `b_dec`; JumpReLU, not centred. The site is in the path of its repository, if that was kept.
 */
export const gemmaScopeReader: SaeReader = {
  name: 'Gemma Scope (params.npz)',
  recognises: ({ weights }) =>
    weights?.container === 'npz' && ['W_enc', 'w_enc'].some((name) => weights.names.has(name)),
  load({ folder, weights, weightsPath = folder }, { site, threads }) {
    if (!weights) throw unsupported(folder, 'no weights', 'add params.npz');
    const path = resolve(weightsPath);
    if (/transcoder/i.test(path)) {
      throw unsupported(path, 'a transcoder predicts one site from another', 'use an SAE');
    }
    if (/[\\/]embedding[\\/]/i.test(path)) {
      throw unsupported(
        path,
        'SAEs of the embedding read it divided by sqrt(d_in)',
        'use an SAE of a layer',
      );
    }
    const tensors = checkTensors(weights);
    const named = (name: string): string => (tensors.has(`W${name}`) ? `W${name}` : `w${name}`);
    const [dIn = 0, dSae = 0] = weights.shape(named('_enc'));
    const read = {
      wEnc: tensors.matrix(named('_enc'), dIn, dSae),
      bEnc: tensors.vector('b_enc', dSae),
      wDec: tensors.matrix(named('_dec'), dSae, dIn),
      bDec: tensors.vector('b_dec', dIn),
      extra: { threshold: tensors.vector('threshold', dSae) },
    };
    const folded = foldFinetuning(read, tensors, false);
    tensors.assertAllUsed('Gemma Scope');
    return createSae({
      site: requireSite(path, site, siteOfPath(path)),
      architecture: { kind: 'jumprelu', centred: false },
      weights: folded,
      ...(threads !== undefined && { threads }),
    });
  },
};

/** `gemma-scope-2b-pt-res/.../layer_20/...`; SAEs of `-att` read hook_z, which is no site here. */
function siteOfPath(path: string): Site | undefined {
  const [, part, layer] = /gemma-scope-[^\\/]*-(res|mlp)[\\/].*?layer_(\d+)[\\/]/.exec(path) ?? [];
  if (part === undefined || layer === undefined) return undefined;
  return `blocks.${layer}.${part === 'res' ? 'hook_resid_post' : 'hook_mlp_out'}`;
}
