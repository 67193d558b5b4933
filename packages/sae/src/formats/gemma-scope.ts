import { join, resolve } from 'node:path';
import { createSae } from '../sae.ts';
import { checkTensors } from './checked-tensors.ts';
import { foldFinetuning } from './finetuning.ts';
import { gemmaScopeOrigin } from './gemma-scope-site.ts';
import { requireSite, unsupported } from './refusals.ts';
import type { SaeReader } from './sae-reader.ts';

/**
 * Gemma Scope (Lieberum et al. 2024, arXiv 2408.05147; `params.npz`) and Gemma Scope 2 (`config.json`,
 * `params.safetensors`): `W_enc` `[d_in, d_sae]`, `b_enc`, `threshold`, `W_dec` `[d_sae, d_in]`, `b_dec`, or the same with
 * a lower-case w; JumpReLU, not centred.
 */
export const gemmaScopeReader: SaeReader = {
  name: 'Gemma Scope (params.npz, or config.json and params.safetensors)',
  recognises: ({ weights, config }) =>
    weights !== undefined &&
    (weights.names.has('w_enc') ||
      (weights.names.has('W_enc') &&
        (weights.container === 'npz' || config?.['hf_hook_point_in'] !== undefined))),
  load({ folder, config, weights, weightsPath = folder }, { site, threads }) {
    if (!weights) throw unsupported(folder, 'no weights', 'add params.safetensors or params.npz');
    const path = resolve(weightsPath);
    const origin = gemmaScopeOrigin(path, join(folder, 'config.json'), config);
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
      site: requireSite(path, site, origin.site, origin.named),
      architecture: { kind: 'jumprelu', centred: false },
      weights: folded,
      ...(threads !== undefined && { threads }),
    });
  },
};
