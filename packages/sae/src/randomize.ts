import { FeedprintError, matrix } from '@feedprint/core';
import type { Random, SparseAutoencoder } from '@feedprint/core';
import { createSae } from './sae.ts';
import type { GraphSae } from './sae.ts';

/**
 * A control: the same architecture, biases and lengths of the encoder and decoder vectors, but with the units of every
 * feature's vectors permuted at random, so that its features are as sparse (exactly so for TopK) and mean nothing.
 */
export function randomizeSae(sae: SparseAutoencoder, random: Random): GraphSae {
  if (!isGraphSae(sae)) {
    throw new FeedprintError({
      code: 'usage',
      message: `an SAE of kind ${sae.kind} does not say how its features are computed`,
      remedy: 'make it with createSae',
    });
  }
  const { dIn, dSae, weights } = sae;
  const wEnc = weights.wEnc.data.slice();
  const wDec = weights.wDec.data.slice();
  const order = Int32Array.from({ length: dIn }, (_, i) => i);
  for (let f = 0; f < dSae; f++) {
    random.shuffle(order);
    order.forEach((from, to) => {
      wEnc[to * dSae + f] = weights.wEnc.data[from * dSae + f] as number;
      wDec[f * dIn + to] = weights.wDec.data[f * dIn + from] as number;
    });
  }
  return createSae({
    site: sae.site,
    architecture: sae.architecture,
    weights: {
      wEnc: matrix(dIn, dSae, wEnc),
      bEnc: weights.bEnc,
      wDec: matrix(dSae, dIn, wDec),
      bDec: weights.bDec,
      ...(weights.extra && { extra: weights.extra }),
    },
  });
}

export const isGraphSae = (sae: SparseAutoencoder): sae is GraphSae => 'architecture' in sae;
