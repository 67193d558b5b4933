import type { Tensor } from '@feedprint/graph';
import type { Architecture } from './architecture.ts';
import { batchtopk } from './batchtopk.ts';
import { crosscoder } from './crosscoder.ts';
import { gated } from './gated.ts';
import { jumprelu } from './jumprelu.ts';
import type { SaeKind, SaeKindName } from './kinds.ts';
import { matryoshka } from './matryoshka.ts';
import { relu } from './relu.ts';
import type { SaeTensors } from './sae-tensors.ts';
import { tied } from './tied.ts';
import { topk } from './topk.ts';

const architectures: { readonly [Name in SaeKindName]: Architecture<Name> } = {
  tied,
  relu,
  gated,
  topk,
  batchtopk,
  jumprelu,
  matryoshka,
  crosscoder,
};

/** The description of a kind. */
export const architectureOf = ({ kind }: SaeKind): Architecture =>
  architectures[kind] as Architecture;

/** Features of activations, `[..., dIn]` -> `[..., dSae]`. */
export const encodeTensor = (kind: SaeKind, sae: SaeTensors, x: Tensor): Tensor =>
  architectureOf(kind).encode(kind, sae, x);

/** Whether the decoder's bias is subtracted from the input. */
export const centresInput = (kind: SaeKind): boolean => architectureOf(kind).centred(kind);
