import { FeedprintError } from '@feedprint/core';
import type { Tensor } from './tensor.ts';
import { add } from './ops/elementwise.ts';

/**
 * Adds to the graph the gradients of a scalar with respect to some tensors (reverse mode), one per tensor, in its shape.
 * Throws `shape-mismatch` if `loss` is not a scalar or does not depend on one of them, `internal` if it depends on one of
 * them through an operator whose gradient is not known.
 */
export function gradients(loss: Tensor, of: readonly Tensor[]): Tensor[] {
  if (loss.shape.length !== 0) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `a gradient starts from a scalar, not from shape [${loss.shape.join(', ')}]`,
      remedy: 'reduce the loss with reduceSum or reduceMean first',
    });
  }
  const found = new Map<string, Tensor>([[loss.name, loss.graph.scalar(1)]]);
  const order = topological(loss);
  const wanted = dependents(order, of);
  for (const { name, node } of order.reverse()) {
    const gradient = found.get(name);
    if (!gradient || !node || !wanted.has(name)) continue;
    if (!node.backward) throw unknownGradient(node.operation);
    const parts = node.backward(gradient);
    node.sources.forEach((input, i) => {
      const part = parts[i];
      if (!part) return;
      const sum = found.get(input.name);
      found.set(input.name, sum ? add(sum, part) : part);
    });
  }
  return of.map((tensor) => {
    const gradient = found.get(tensor.name);
    if (gradient) return gradient;
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `the loss does not depend on ${tensor.name}`,
      remedy: 'ask for gradients of tensors that the loss is computed from',
    });
  });
}

/** Names of the tensors computed from any of `sources`, the sources included. */
function dependents(order: readonly Tensor[], sources: readonly Tensor[]): Set<string> {
  const names = new Set(sources.map(({ name }) => name));
  for (const { name, node } of order) {
    if (node?.sources.some((source) => names.has(source.name))) names.add(name);
  }
  return names;
}

const unknownGradient = (operation: string): FeedprintError =>
  new FeedprintError({
    code: 'internal',
    message: `the gradient of ${operation} is not known`,
    remedy: 'build the loss from operators that have one',
  });

/** The tensor and everything it is computed from, inputs before whatever uses them. */
function topological(end: Tensor): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<string>();
  const stack: { tensor: Tensor; next: number }[] = [{ tensor: end, next: 0 }];
  seen.add(end.name);
  while (stack.length > 0) {
    const top = stack.at(-1) as { tensor: Tensor; next: number };
    const input = top.tensor.node?.sources[top.next++];
    if (input === undefined) {
      order.push(top.tensor);
      stack.pop();
    } else if (!seen.has(input.name)) {
      seen.add(input.name);
      stack.push({ tensor: input, next: 0 });
    }
  }
  return order;
}
