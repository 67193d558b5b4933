import { add, cast, exp, greater, matmul, mul, relu, stopGradient, sub } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import {
  batchMeasures,
  l1Weight,
  mean,
  meanSum,
  penalised,
  squaredErrors,
} from '../training/objective.ts';
import type { Architecture } from './architecture.ts';
import { decodeTensor } from './sae-tensors.ts';
import type { SaeTensors } from './sae-tensors.ts';

export const gated: Architecture<'gated'> = {
  centred: () => true,
  extra: ['bGate', 'rMag'],
  encode: (_, sae, x) => gatedFeatures(gateAndMagnitude(sae, x)),
  training: {
    decoder: 'unit',
    vectors: () => ({ bGate: 0, rMag: 0 }),
    /**
     * Error, penalty on the gates, and error of what the gates reconstruct through a decoder that this term does not train
     * (equation 8).
     */
    objective({ settings, sae, x, sparsity }) {
      const paths = gateAndMagnitude(sae, x);
      const z = gatedFeatures(paths);
      const reconstruction = decodeTensor(sae, z);
      const rowErrors = squaredErrors(reconstruction, x);
      const gates = relu(paths.gate);
      const frozen = { ...sae, wDec: stopGradient(sae.wDec), bDec: stopGradient(sae.bDec) };
      const weight = l1Weight(settings, x.shape[1] as number);
      const errors = mean(add(rowErrors, squaredErrors(decodeTensor(frozen, gates), x)));
      return {
        loss: penalised(errors, () => meanSum(gates), weight, sparsity),
        reconstruction,
        ...batchMeasures(z, rowErrors),
      };
    },
    toExtra: (read) => ({ bGate: read('bGate').slice(), rMag: read('rMag').slice() }),
    fromExtra: (extra) => ({ ...extra }),
  },
};

interface Paths {
  readonly gate: Tensor;
  readonly magnitude: Tensor;
}

/** Both pre-activations, `[..., dSae]`: they share (x - bDec) wEnc. */
function gateAndMagnitude({ wEnc, bEnc, bDec, extra }: SaeTensors, x: Tensor): Paths {
  const { bGate, rMag } = extra as Record<'bGate' | 'rMag', Tensor>;
  const projection = matmul(sub(x, bDec), wEnc);
  return { gate: add(projection, bGate), magnitude: add(mul(projection, exp(rMag)), bEnc) };
}

const gatedFeatures = ({ gate, magnitude }: Paths): Tensor =>
  mul(cast(greater(gate, 0), 'float32'), relu(magnitude));
