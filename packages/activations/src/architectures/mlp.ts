import { gelu, mul, relu, silu, slice } from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import type { Activation, Mlp } from './decoder.ts';
import type { ForwardContext } from './forward-context.ts';

const activations: Readonly<Record<Activation, (x: Tensor) => Tensor>> = {
  gelu: (x) => gelu(x),
  'gelu-tanh': (x) => gelu(x, 'tanh'),
  silu,
  relu,
};

/** A plain or gated MLP on `x` `[positions, width]`; its sites are named after `block`. */
export function feedForward(
  { weights, tap }: ForwardContext,
  { size, activation, input, gate, output }: Mlp,
  x: Tensor,
  block: string,
): Tensor {
  const activate = activations[activation];
  const hidden = (): Tensor => {
    if (gate === undefined) {
      return activate(tap(`${block}.mlp.hook_pre`, weights.apply(x, input, size)));
    }
    const both = gate === 'stacked' ? weights.apply(x, input, 2 * size) : undefined;
    const pre = both ? slice(both, -1, 0, size) : weights.apply(x, gate as typeof input, size);
    const linear = both ? slice(both, -1, size, 2 * size) : weights.apply(x, input, size);
    return mul(
      activate(tap(`${block}.mlp.hook_pre`, pre)),
      tap(`${block}.mlp.hook_pre_linear`, linear),
    );
  };
  return weights.apply(tap(`${block}.mlp.hook_post`, hidden()), output, x.shape[1] as number);
}
