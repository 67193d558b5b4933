import { add, matmul, mul, relu, sub, swapLast, topKMask } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';

/** Shapes an SAE's sparsity. */
export type SaeKind =
  /** The paper's: z = ReLU(x W^T + b), reconstruction z W + bDec, rows of W of unit length (arXiv 2310.08164, section 3.2). */
  | { readonly kind: 'tied' }
  /** z = ReLU((x - bDec) wEnc + bEnc). */
  | { readonly kind: 'relu' }
  /** The k largest pre-activations of each row, negative ones dropped (Gao et al. 2024). */
  | { readonly kind: 'topk'; readonly k: number };

/** An SAE's weights as tensors of a graph. */
export interface SaeTensors {
  readonly wEnc: Tensor;
  readonly bEnc: Tensor;
  readonly wDec: Tensor;
  readonly bDec: Tensor;
}

/** Whether the decoder's bias is subtracted from the input; the paper's SAE does not centre. */
export const centresInput = ({ kind }: SaeKind): boolean => kind !== 'tied';

/** Features of activations, `[..., dIn]` -> `[..., dSae]`: the one description that training, encoding and splicing share. */
export function encodeTensor(sae: SaeKind, { wEnc, bEnc, bDec }: SaeTensors, x: Tensor): Tensor {
  const pre = add(matmul(centresInput(sae) ? sub(x, bDec) : x, wEnc), bEnc);
  if (sae.kind !== 'topk') return relu(pre);
  return mul(relu(pre), topKMask(pre, sae.k));
}

/** Reconstruction, `[..., dSae]` -> `[..., dIn]`. */
export const decodeTensor = ({ wDec, bDec }: SaeTensors, z: Tensor): Tensor =>
  add(matmul(z, wDec), bDec);

/** The encoder of a tied SAE. */
export const tiedEncoder = (wDec: Tensor): Tensor => swapLast(wDec);
