import { cast, exp, greater, mul, relu, sub } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import { batchMeasures, mean, meanSum, penalised, squaredErrors } from '../training/objective.ts';
import { heaviside, jumpRelu } from '../training/straight-through.ts';
import type { Architecture } from './architecture.ts';
import { decodeTensor, preActivations } from './sae-tensors.ts';
import type { SaeTensors } from './sae-tensors.ts';

/** Smallest threshold that training continues from: at 0 it could not move. */
const LEAST_THRESHOLD = 1e-3;

export const jumprelu: Architecture<'jumprelu'> = {
  centred: ({ centred = true }) => centred,
  extra: ['threshold'],
  encode: ({ centred = true }, sae, x) => aboveThreshold(sae, preActivations(sae, x, centred)),
  training: {
    decoder: 'unit',
    vectors: ({ threshold }) => ({ logThreshold: Math.log(threshold) }),
    /** Error and number of active features, by straight-through estimators (Rajamanoharan et al. 2024). */
    objective({ kind: { centred = true }, settings, sae, x, sparsity, dead }) {
      const { l0, bandwidth, preAct } = settings;
      const pre = preActivations(sae, x, centred);
      const threshold = exp(sae.extra['logThreshold'] as Tensor);
      const z = jumpRelu(pre, threshold, bandwidth);
      const reconstruction = decodeTensor(sae, z);
      const rowErrors = squaredErrors(reconstruction, x);
      const count = (): Tensor => meanSum(heaviside(pre, threshold, bandwidth));
      const missing = mul(relu(sub(threshold, pre)), cast(dead, 'float32'));
      return {
        loss: penalised(mean(rowErrors), count, l0, sparsity),
        reconstruction,
        ...batchMeasures(z, rowErrors),
        ...(preAct > 0 && { revival: mul(meanSum(missing), preAct) }),
      };
    },
    toExtra: (read) => ({ threshold: read('logThreshold').map(Math.exp) }),
    fromExtra: ({ threshold = new Float32Array() }) => ({
      logThreshold: threshold.map((v) => Math.log(Math.max(v, LEAST_THRESHOLD))),
    }),
  },
};

/** ReLU(pre) where pre exceeds its feature's threshold, else 0. */
export const aboveThreshold = ({ extra }: SaeTensors, pre: Tensor): Tensor =>
  mul(relu(pre), cast(greater(pre, extra['threshold'] as Tensor), 'float32'));
