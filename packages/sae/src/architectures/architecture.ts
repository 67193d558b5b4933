import { add, matmul, sub } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import type { Training } from '../training/objective.ts';
import type { KindOf, SaeKindName } from './kinds.ts';

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

/** How one kind of SAE computes its features and learns: the one description that encoding, splicing and training share. */
export interface Architecture<Name extends SaeKindName = SaeKindName> {
  /** Whether the decoder's bias is subtracted from the input. */
  centred(kind: KindOf<Name>): boolean;
  /** Names of the vectors that it has besides the four weights. */
  readonly extra: readonly string[];
  /** Features of activations, `[..., dIn]` -> `[..., dSae]`, never negative. */
  encode(kind: KindOf<Name>, sae: SaeTensors, x: Tensor): Tensor;
  readonly training: Training<Name>;
}

/** (x - bDec) wEnc + bEnc, `[..., dSae]`. */
export const preActivations = (sae: SaeTensors, x: Tensor, centred: boolean): Tensor =>
  add(matmul(centred ? sub(x, sae.bDec) : x, sae.wEnc), sae.bEnc);

/** Reconstruction, `[..., dSae]` -> `[..., dIn]`. */
export const decodeTensor = ({ wDec, bDec }: SaeTensors, z: Tensor): Tensor =>
  add(matmul(z, wDec), bDec);
