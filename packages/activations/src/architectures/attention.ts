import {
  add,
  customGradient,
  div,
  exp,
  gather,
  less,
  matmul,
  maximum,
  mul,
  pad,
  reduceMax,
  reduceSum,
  reshape,
  softmax,
  sub,
  swapLast,
  tanh,
  transpose,
  where,
} from '@feedprint/graph';
import type { Tensor } from '@feedprint/graph';
import type { Attention, Norm } from './decoder.ts';
import type { ForwardContext } from './forward-context.ts';
import { normalise } from './norm.ts';
import { NOWHERE } from './positions.ts';
import { rotate } from './rotary.ts';

/** Keys and values of some positions, and what is added to the scores to hide those that may not be seen. */
interface Seen {
  /** `[batch, keyValueHeads, 1, keys, headSize]`. */
  readonly key: Tensor;
  readonly value: Tensor;
  readonly mask: Tensor;
}

/**
 * Softmax attention on `x` `[positions, width]`: what each head gathered, `[positions, heads * headSize]`. Internally,
 * queries are `[batch, keyValueHeads, queries that share one, length, headSize]`.
 */
export function attend(
  context: ForwardContext,
  { attention, norm }: { readonly attention: Attention; readonly norm: Norm },
  x: Tensor,
  layer: number,
): Tensor {
  const { heads, keyValueHeads, headSize, rotary, window } = attention;
  const parts = project(context, attention, x);
  const turned = (part: Tensor, normName: string | undefined): Tensor => {
    const normed = normName === undefined ? part : normalise(context, norm, normName, part);
    return rotary ? rotate(normed, rotary, context.turns(rotary)) : normed;
  };
  const grouped = (x: Tensor, each: number): Tensor =>
    reshape(x, ['batch', keyValueHeads, each, 'length', headSize]);
  const turnedQuery = turned(byHead(context, parts.query), attention.queryNorm);
  const query = grouped(mul(turnedQuery, attention.scale), heads / keyValueHeads);
  const key = grouped(turned(byHead(context, parts.key), attention.keyNorm), 1);
  const value = grouped(byHead(context, parts.value), 1);
  const past = context.cache?.(layer, { key, value }, [keyValueHeads, headSize]);
  const seen: [Seen, ...Seen[]] = [{ key, value, mask: context.mask(window) }];
  if (past) seen.push({ ...past, mask: context.pastMask(window) });
  const z = weigh(query, seen, attention.softcap);
  const flat = reshape(transpose(z, [0, 3, 1, 2, 4]), ['padded', heads * headSize]);
  return packed(context, flat);
}

/** Rows of the places that hold a token, `[padded, width]` -> `[positions, width]`. */
function packed({ inputs, once }: ForwardContext, x: Tensor): Tensor {
  // Each row has one place, so the gradient is also a gather, not a sum; places without a token get no gradient.
  return customGradient(gather(x, inputs.kept), [x], (g) => {
    const width = x.shape[1] as number;
    const isToken = once('is token', () =>
      reshape(less(inputs.queryPositions, NOWHERE), ['padded', 1]),
    );
    return [where(isToken, reshape(gather(g, inputs.slots), ['padded', width]), 0)];
  });
}

/** Mean of the values, weighted by the softmax of the scores over everything that is seen. */
function weigh(query: Tensor, seen: readonly [Seen, ...Seen[]], softcap?: number): Tensor {
  const scores = seen.map(({ key, mask }) => {
    const plain = matmul(query, swapLast(key));
    return add(softcap ? mul(tanh(mul(plain, 1 / softcap)), softcap) : plain, mask);
  });
  const [first] = scores as [Tensor];
  if (seen.length === 1) return matmul(softmax(first), seen[0].value);
  const top = scores.map((s) => reduceMax(s, [-1], true)).reduce((a, b) => maximum(a, b));
  const weights = scores.map((s) => exp(sub(s, top)));
  const total = weights.map((w) => reduceSum(w, [-1], true)).reduce((a, b) => add(a, b));
  const sums = weights.map((w, i) => matmul(w, (seen[i] as Seen).value));
  return div(
    sums.reduce((a, b) => add(a, b)),
    total,
  );
}

/** One row per position and head, and where the heads of one kind are among a position's rows. */
interface HeadRows {
  /** `[positions * perPosition, headSize]`. */
  readonly rows: Tensor;
  readonly perPosition: number;
  readonly first: number;
  readonly stride: number;
  readonly heads: number;
}

function project(
  { weights }: ForwardContext,
  { input, heads, keyValueHeads, headSize }: Attention,
  x: Tensor,
): Readonly<Record<'query' | 'key' | 'value', HeadRows>> {
  const rowsOf = (projected: Tensor): Tensor => reshape(projected, ['head positions', headSize]);
  if (!('joint' in input)) {
    const part = (name: 'query' | 'key' | 'value', count: number): HeadRows => {
      const rows = rowsOf(weights.apply(x, input[name], count * headSize));
      return { rows, perPosition: count, first: 0, stride: 1, heads: count };
    };
    return {
      query: part('query', heads),
      key: part('key', keyValueHeads),
      value: part('value', keyValueHeads),
    };
  }
  const perPosition = heads + 2 * keyValueHeads;
  const rows = rowsOf(weights.apply(x, input.joint, perPosition * headSize));
  const part = (index: number, before: number, count: number): HeadRows =>
    input.order === 'stacked'
      ? { rows, perPosition, first: before, stride: 1, heads: count }
      : { rows, perPosition, first: index, stride: 3, heads: count };
  return {
    query: part(0, 0, heads),
    key: part(1, heads, keyValueHeads),
    value: part(2, heads + keyValueHeads, keyValueHeads),
  };
}

/** Padded, head by head: `[batch, heads, length, headSize]`. */
function byHead({ graph, inputs, once }: ForwardContext, part: HeadRows): Tensor {
  const { rows, perPosition, first, stride, heads } = part;
  const indices = once(`heads ${[perPosition, first, stride, heads].join()}`, () => {
    const offsets = Int32Array.from({ length: heads }, (_, head) => first + stride * head);
    return add(mul(inputs.slots, perPosition), graph.constant(offsets, [heads, 1]));
  });
  // Places without a token repeat a row that has a place of its own: they contribute no gradient.
  return customGradient(gather(rows, indices), [rows], (g) => [
    headRows(gather(places(g, heads), inputs.kept), part),
  ]);
}

/** `[batch, heads, length, headSize]` -> `[padded, heads * headSize]`. */
const places = (x: Tensor, heads: number): Tensor =>
  reshape(transpose(x, [0, 2, 1, 3]), ['padded', heads * (x.shape[3] as number)]);

/** `x` `[positions, heads * headSize]` put where the heads are among all of their positions' rows, zeros elsewhere. */
function headRows(x: Tensor, { rows, perPosition, first, stride, heads }: HeadRows): Tensor {
  const headSize = rows.shape[1] as number;
  // Every `stride`-th row from `first` on, or `heads` consecutive rows.
  const spread =
    stride === 1
      ? pad(reshape(x, ['positions', heads, headSize]), 1, first, perPosition - first - heads)
      : pad(reshape(x, ['positions', heads, 1, headSize]), 2, first, stride - first - 1);
  return reshape(spread, ['head positions', headSize]);
}
