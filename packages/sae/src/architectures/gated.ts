import { add, cast, exp, greater, matmul, mul, relu, sub } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import type { Architecture, SaeTensors } from './architecture.ts';

export const gated: Architecture<'gated'> = {
  centred: () => true,
  extra: ['bGate', 'rMag'],
  encode(_, sae, x) {
    const { gate, magnitude } = gateAndMagnitude(sae, x);
    return mul(cast(greater(gate, 0), 'float32'), relu(magnitude));
  },
};

/** Both pre-activations, `[..., dSae]`: they share (x - bDec) wEnc. */
export function gateAndMagnitude(
  { wEnc, bEnc, bDec, extra }: SaeTensors,
  x: Tensor,
): { gate: Tensor; magnitude: Tensor } {
  const { bGate, rMag } = extra as Record<'bGate' | 'rMag', Tensor>;
  const projection = matmul(sub(x, bDec), wEnc);
  return { gate: add(projection, bGate), magnitude: add(mul(projection, exp(rMag)), bEnc) };
}
