import { add, mul, sub } from '../ops/elementwise.ts';
import { moment } from './optimizer.ts';
import type { Optimizer } from './optimizer.ts';

export interface SgdOptions {
  /** Default 0: plain gradient descent, without state. */
  readonly momentum?: number;
  /** Nesterov momentum: the gradient is taken where the momentum will lead. */
  readonly nesterov?: boolean;
  /** Weight of the parameter in its gradient (L2). */
  readonly weightDecay?: number;
}

/** Stochastic gradient descent with PyTorch's momentum, b' = momentum b + gradient: the learning rate does not enter b. */
export function createSgd(options: SgdOptions = {}): Optimizer {
  const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
  return (graph, parameter, gradient, { learningRate }) => {
    const slope = weightDecay === 0 ? gradient : add(gradient, mul(parameter, weightDecay));
    if (momentum === 0) return { next: sub(parameter, mul(slope, learningRate)), moments: {} };
    const state = moment(graph, parameter, 'momentum');
    const next = add(mul(state.current, momentum), slope);
    const step = nesterov ? add(slope, mul(next, momentum)) : next;
    return {
      next: sub(parameter, mul(step, learningRate)),
      moments: { momentum: { ...state, next } },
    };
  };
}
