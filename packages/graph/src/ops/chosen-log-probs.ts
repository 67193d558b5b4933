import { shapeError } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { customGradient } from './custom-gradient.ts';
import { exp, mul, neg } from './elementwise.ts';
import { gatherElements } from './gather.ts';
import { logSoftmax } from './neural.ts';

/**
 * Log-probability of one class per row: `logits [rows, classes]`, integer `chosen [rows, 1]` -> `[rows, 1]`. Its gradient,
 * g (1 at the chosen class - softmax), takes two passes over the logits.
 */
export function chosenLogProbs(logits: Tensor, chosen: Tensor): Tensor {
  const [rows] = logits.shape;
  if (logits.shape.length !== 2 || chosen.shape.join() !== `${rows},1`) {
    throw shapeError('chosenLogProbs', logits, chosen);
  }
  const { graph } = logits;
  const all = logSoftmax(logits);
  return customGradient(gatherElements(all, chosen, -1), [logits], (g) => [
    // One place per row, so that no two updates meet.
    graph.node('ScatterElements', [mul(exp(all), neg(g)), chosen, g], {
      shape: logits.shape,
      attributes: { axis: 1, reduction: 'add' },
    }),
  ]);
}
