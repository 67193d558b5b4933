import type { Tensor } from '@feedprint/graph';
import type { Training } from '../training/objective.ts';
import type { KindOf, SaeKindName } from './kinds.ts';
import type { SaeTensors } from './sae-tensors.ts';

/** How one kind of SAE computes its features and learns: the single description that encoding, splicing and training share. */
export interface Architecture<Name extends SaeKindName = SaeKindName> {
  /** Whether the decoder's bias is subtracted from the input. */
  centred(kind: KindOf<Name>): boolean;
  /** Names of the vectors that it has besides the four weights. */
  readonly extra: readonly string[];
  /** Features of activations, `[..., dIn]` -> `[..., dSae]`, never negative. */
  encode(kind: KindOf<Name>, sae: SaeTensors, x: Tensor): Tensor;
  readonly training: Training<Name>;
}
