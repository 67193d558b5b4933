import type { SaeWeights } from '@feedprint/core';
import { matrix, norm, row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { createSae } from '../sae.ts';
import { checkTensors, transpose } from './checked-tensors.ts';
import type { CheckedTensors } from './checked-tensors.ts';
import { requireSite, unsupported } from './refusals.ts';
import type { SaeReader } from './sae-reader.ts';

/**
 * The released code of arXiv 2310.08164, its state dict exported to safetensors. The input is not centred, and encoder
 * rows, which are saved as the last step left them, are normalised to unit length, tied or not. The format names no site.
 */
export const paperCodeReader: SaeReader = {
  name: "the paper's code (encoder.0.weight), as safetensors",
  recognises: ({ weights }) => weights?.names.has('encoder.0.weight') === true,
  load({ folder, weights }, { site, threads }) {
    if (!weights) throw unsupported(folder, 'no weights', 'add them as safetensors');
    const tensors = checkTensors(weights);
    const [dSae = 0, dIn = 0] = weights.shape('encoder.0.weight');
    const untied = tensors.has('decoder.weight');
    const read = readWeights(tensors, { dIn, dSae, untied });
    tensors.assertAllUsed("the paper's SAE");
    return createSae({
      site: requireSite(weights.path, site),
      architecture: untied ? { kind: 'relu', centred: false } : { kind: 'tied' },
      weights: read,
      ...(threads !== undefined && { threads }),
    });
  },
};

function readWeights(
  tensors: CheckedTensors,
  { dIn, dSae, untied }: { dIn: number; dSae: number; untied: boolean },
): SaeWeights {
  const encoder = unitRows(tensors.matrix('encoder.0.weight', dSae, dIn));
  return {
    wEnc: transpose(encoder),
    bEnc: tensors.vector('encoder.0.bias', dSae),
    wDec: untied ? tensors.transposed('decoder.weight', dSae, dIn) : encoder,
    bDec: tensors.vector(untied ? 'decoder.bias' : 'bias', dIn),
  };
}

/** torch's F.normalize: rows over their length, or over 1e-12 if that is shorter. */
function unitRows(m: Matrix): Matrix {
  const lengths = Array.from({ length: m.rows }, (_, r) => Math.max(norm(row(m, r)), 1e-12));
  return matrix(
    m.rows,
    m.columns,
    m.data.map((v, i) => v / (lengths[Math.floor(i / m.columns)] as number)),
  );
}
