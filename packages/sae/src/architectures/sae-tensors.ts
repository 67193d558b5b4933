import { add, matmul, sub } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';

/** An SAE's weights as tensors of a graph. */
export interface SaeTensors {
  /** `[dIn, dSae]` */
  readonly wEnc: Tensor;
  /** `[dSae]` */
  readonly bEnc: Tensor;
  /** `[dSae, dIn]` */
  readonly wDec: Tensor;
  /** `[dIn]` */
  readonly bDec: Tensor;
  /** `[dSae]` each, by the names that the architecture lists. */
  readonly extra: Readonly<Record<string, Tensor>>;
}

/** (x - bDec) wEnc + bEnc, `[..., dSae]`. */
export const preActivations = (sae: SaeTensors, x: Tensor, centred: boolean): Tensor =>
  add(matmul(centred ? sub(x, sae.bDec) : x, sae.wEnc), sae.bEnc);

/** Reconstruction, `[..., dSae]` -> `[..., dIn]`. */
export const decodeTensor = ({ wDec, bDec }: SaeTensors, z: Tensor): Tensor =>
  add(matmul(z, wDec), bDec);
