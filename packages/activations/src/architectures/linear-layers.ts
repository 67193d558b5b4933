import type { Decoder, Linear } from './decoder.ts';

/** The linear layers of all blocks, in the order of the pass; not the head. */
export const linearLayers = ({ blocks }: Decoder): Linear[] =>
  blocks.flatMap(({ attention: { input, output }, mlp }) => [
    ...('joint' in input ? [input.joint] : [input.query, input.key, input.value]),
    output,
    ...(typeof mlp.gate === 'object' ? [mlp.gate] : []),
    mlp.input,
    mlp.output,
  ]);
