import * as g from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import type { Case } from './differentiable.ts';

const [ROWS, D_IN, D_SAE] = [4, 3, 5];

const rowError = (reconstruction: Tensor, x: Tensor): Tensor =>
  g.reduceMean(g.reduceSumSquare(g.sub(reconstruction, x), [1]), [0]);

const sparsity = (z: Tensor): Tensor => g.mul(g.reduceMean(g.reduceSum(g.abs(z), [1]), [0]), 0.3);

/** The rows of an SAE's input, fixed: gradients are of its weights. */
function rows({ graph }: Tensor): Tensor {
  const data = Float32Array.from({ length: ROWS * D_IN }, (_, i) => 1.5 * Math.sin(3 * i + 1));
  return graph.constant(data, [ROWS, D_IN]);
}

/** Losses shaped like those of sparse autoencoders, of the weights wEnc, bEnc, wDec and bDec. */
export const saeLosses: readonly Case[] = [
  {
    name: 'ReLU with L1',
    shapes: [[D_IN, D_SAE], [D_SAE], [D_SAE, D_IN], [D_IN]],
    build(wEnc, bEnc, wDec, bDec) {
      const x = rows(wEnc);
      const z = g.relu(g.add(g.matmul(g.sub(x, bDec), wEnc), bEnc));
      return g.add(rowError(g.add(g.matmul(z, wDec), bDec), x), sparsity(z));
    },
  },
  {
    name: 'top k',
    shapes: [[D_IN, D_SAE], [D_SAE], [D_SAE, D_IN], [D_IN]],
    build(wEnc, bEnc, wDec, bDec) {
      const x = rows(wEnc);
      const pre = g.add(g.matmul(g.sub(x, bDec), wEnc), bEnc);
      const z = g.mul(g.relu(pre), g.topKMask(pre, 2));
      return rowError(g.add(g.matmul(z, wDec), bDec), x);
    },
  },
  {
    name: 'top k by gathering decoder rows',
    shapes: [[D_IN, D_SAE], [D_SAE], [D_SAE, D_IN], [D_IN]],
    build(wEnc, bEnc, wDec, bDec) {
      const x = rows(wEnc);
      const pre = g.add(g.matmul(g.sub(x, bDec), wEnc), bEnc);
      const { values, indices } = g.topKWithIndices(pre, 2);
      const z = g.reshape(g.relu(values), [ROWS, 1, 2]);
      const decoded = g.reshape(g.matmul(z, g.gather(wDec, indices)), [ROWS, D_IN]);
      return rowError(g.add(decoded, bDec), x);
    },
  },
  {
    name: 'top k as sparse rows',
    shapes: [[D_SAE, D_IN], [D_SAE], [D_SAE, D_IN], [D_IN]],
    build(wEnc, bEnc, wDec, bDec) {
      const x = rows(wEnc);
      const sparse = g.topKProjection(g.sub(x, bDec), wEnc, bEnc, 2);
      const z = { ...sparse, values: g.relu(sparse.values) };
      return rowError(g.add(g.sparseMatmul(z, wDec), bDec), x);
    },
  },
  {
    name: 'gated, with its auxiliary loss through a decoder that is not trained by it',
    shapes: [[D_IN, D_SAE], [D_SAE], [D_SAE, D_IN], [D_SAE]],
    build(wEnc, bGate, wDec, rMag) {
      const x = rows(wEnc);
      const projection = g.matmul(x, wEnc);
      const gate = g.add(projection, bGate);
      const magnitude = g.relu(g.mul(projection, g.exp(rMag)));
      const z = g.mul(g.cast(g.greater(gate, 0), 'float32'), magnitude);
      const open = g.relu(gate);
      const auxiliary = rowError(g.matmul(open, g.softmax(wDec)), x);
      return g.add(g.add(rowError(g.matmul(z, wDec), x), sparsity(open)), auxiliary);
    },
  },
  {
    name: 'tied, with rows of unit length',
    seed: 5,
    shapes: [[D_SAE, D_IN], [D_SAE]],
    build(w, bEnc) {
      const x = rows(w);
      const unit = g.div(w, g.sqrt(g.reduceSum(g.mul(w, w), [1], true)));
      const z = g.relu(g.add(g.matmul(x, g.swapLast(unit)), bEnc));
      return g.add(rowError(g.matmul(z, unit), x), sparsity(z));
    },
  },
];
