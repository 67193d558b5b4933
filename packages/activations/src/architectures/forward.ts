import { add, gather, mul, tanh } from '@feedprint/graph';
import type { Graph, Tensor } from '@feedprint/graph';
import { attend } from './attention.ts';
import type { Block, Decoder, Norm } from './decoder.ts';
import { createForwardContext } from './forward-context.ts';
import type { CacheTap, ForwardContext, Tap } from './forward-context.ts';
import { feedForward } from './mlp.ts';
import { normalise } from './norm.ts';
import type { Weights } from './weights.ts';

/** A decoder's weights and how they are combined. */
export interface Transformer {
  readonly decoder: Decoder;
  readonly weights: Weights;
}

/** Builds the pass up to the final norm, `[positions, width]`; every site goes through `tap`. */
export function buildHidden(
  graph: Graph,
  { decoder, weights }: Transformer,
  tap: Tap,
  cache?: CacheTap,
): Tensor {
  const context = createForwardContext({ graph, weights, tap, cache });
  const { norm, finalNorm, blocks } = decoder;
  const last = blocks.reduce(
    (x, block, layer) => buildBlock(context, norm, block, x, layer),
    embed(context, decoder),
  );
  return normalise(context, norm, finalNorm, last, 'ln_final.hook_normalized');
}

/** Logits, or a classifier's scores, for final rows `[rows, width]`. */
export function unembed({ decoder, weights }: Transformer, rows: Tensor): Tensor {
  const { head, labels, vocabularySize } = decoder;
  const logits = weights.apply(rows, head, labels ? labels.length : vocabularySize);
  return head.softcap ? mul(tanh(mul(logits, 1 / head.softcap)), head.softcap) : logits;
}

function embed({ graph, weights, inputs, tap }: ForwardContext, decoder: Decoder): Tensor {
  const { embedding, vocabularySize, contextLength, width } = decoder;
  const table = weights.tensor(graph, embedding.tokens, [vocabularySize, width]);
  const plain = gather(table, inputs.ids);
  const tokens = tap('hook_embed', embedding.scale ? mul(plain, embedding.scale) : plain);
  if (embedding.positions === undefined) return tokens;
  const learned = weights.tensor(graph, embedding.positions, [contextLength, width]);
  return add(tokens, tap('hook_pos_embed', gather(learned, inputs.position)));
}

function buildBlock(
  context: ForwardContext,
  norm: Norm,
  { norms, attention, mlp, parallel }: Block,
  input: Tensor,
  layer: number,
): Tensor {
  const { tap, weights } = context;
  const block = `blocks.${layer}`;
  const width = input.shape[1] as number;
  const after = (name: string | undefined, x: Tensor): Tensor =>
    name === undefined ? x : normalise(context, norm, name, x);

  const x = tap(`${block}.hook_resid_pre`, input);
  const normed = normalise(context, norm, norms.attention, x, `${block}.ln1.hook_normalized`);
  const z = tap(`${block}.attn.hook_z`, attend(context, { attention, norm }, normed, layer));
  const attended = after(norms.attentionOut, weights.apply(z, attention.output, width));
  const added = add(x, tap(`${block}.hook_attn_out`, attended));
  const middle = parallel ? added : tap(`${block}.hook_resid_mid`, added);

  const read = (): Tensor => {
    if (norms.mlp === undefined) return normed;
    const stream = tap(`${block}.hook_mlp_in`, parallel ? x : middle);
    return normalise(context, norm, norms.mlp, stream, `${block}.ln2.hook_normalized`);
  };
  const out = after(norms.mlpOut, feedForward(context, mlp, read(), block));
  return tap(`${block}.hook_resid_post`, add(middle, tap(`${block}.hook_mlp_out`, out)));
}
