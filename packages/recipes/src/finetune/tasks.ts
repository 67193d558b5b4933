import { FeedprintError } from '@feedprint/core';
import { dpo, ipo, kto, sft } from '@feedprint/finetune';
import type { LabelledItem, Method, PreferenceItem, TokenSequence } from '@feedprint/finetune';
import type { Held, LabelledReply, Prepared, ReplyPair } from './prepared.ts';

/** Names of the methods that learn from files. */
export const finetuneMethods = ['sft', 'dpo', 'ipo', 'kto'] as const;
export type FinetuneMethod = (typeof finetuneMethods)[number];

/** A method with what it learns from. */
export interface Task<Item> {
  readonly method: Method<Item>;
  readonly items: readonly Item[];
  readonly heldOut: readonly Item[];
}

/** What is the same for all kinds of items. */
type Use<T> = <Item>(task: Task<Item>) => T;

export interface TaskOptions {
  readonly method: FinetuneMethod;
  /** Weight of staying near the reference; default 0.1. SFT has none. */
  readonly beta?: number;
  readonly data: Prepared;
}

/**
 * Sequences whose log-probabilities under the reference the method needs, those to learn from first. Throws `usage` for
 * data of another kind than the method learns from.
 */
export function referenceSequences({ method, data }: TaskOptions): TokenSequence[] {
  if (method === 'sft') {
    wholeReplies(data);
    return [];
  }
  if (method === 'kto') {
    return bothParts(labelled(data), (replies) =>
      mismatch(replies).flatMap(({ sequence, mismatched }) => [sequence, mismatched]),
    );
  }
  return bothParts(asPairs(data, method), (pairs) =>
    pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]),
  );
}

/** The method with its items; `reference` are the log-probabilities of `referenceSequences`. */
export function withTask<T>(options: TaskOptions, reference: ArrayLike<number>, use: Use<T>): T {
  const { method, data, beta } = options;
  const settings = beta === undefined ? {} : { beta };
  let at = 0;
  const next = (): number => reference[at++] as number;
  if (method === 'sft') {
    const { train, heldOut } = wholeReplies(data);
    return use({ method: sft(), items: train, heldOut });
  }
  if (method === 'kto') {
    const items = (replies: readonly LabelledReply[]): LabelledItem[] =>
      mismatch(replies).map((item) => ({
        ...item,
        reference: next(),
        mismatchedReference: next(),
      }));
    const { train, heldOut } = labelled(data);
    return use({ method: kto(settings), items: items(train), heldOut: items(heldOut) });
  }
  const items = (pairs: readonly ReplyPair[]): PreferenceItem[] =>
    pairs.map((pair) => ({ ...pair, reference: { chosen: next(), rejected: next() } }));
  const { train, heldOut } = asPairs(data, method);
  const create = method === 'dpo' ? dpo : ipo;
  return use({ method: create(settings), items: items(train), heldOut: items(heldOut) });
}

const bothParts = <Item, T>(
  { train, heldOut }: Held<Item>,
  map: (items: readonly Item[]) => T[],
): T[] => [...map(train), ...map(heldOut)];

const mapParts = <Item, T>(
  { train, heldOut }: Held<Item>,
  map: (items: readonly Item[]) => T[],
): Held<T> => ({ train: map(train), heldOut: map(heldOut) });

/** Texts, or the chosen replies of pairs, or the wanted ones of labelled replies. */
function wholeReplies(data: Prepared): Held<TokenSequence> {
  if (data.kind === 'texts') return data;
  if (data.kind === 'pairs') return mapParts(data, (pairs) => pairs.map(({ chosen }) => chosen));
  const wanted = (replies: readonly LabelledReply[]): TokenSequence[] =>
    replies.flatMap(({ sequence, desirable }) => (desirable ? [sequence] : []));
  return mapParts(data, wanted);
}

/** Labelled replies, or both of each pair. */
function labelled(data: Prepared): Held<LabelledReply> {
  if (data.kind === 'ratings') return data;
  return mapParts(asPairs(data, 'kto'), (pairs) =>
    pairs.flatMap(({ chosen, rejected }) => [
      { sequence: chosen, desirable: true },
      { sequence: rejected, desirable: false },
    ]),
  );
}

/** Each reply with its prompt answered by the reply two places on: that of another pair, where replies come in pairs. */
const mismatch = (
  replies: readonly LabelledReply[],
): (LabelledReply & Pick<LabelledItem, 'mismatched'>)[] =>
  replies.map((reply, i) => {
    const other = replies[(i + 2) % replies.length] as LabelledReply;
    return { ...reply, mismatched: replaced(reply.sequence, other.sequence) };
  });

/** A prompt with another's reply, no longer than the longer of the two. */
function replaced(prompt: TokenSequence, reply: TokenSequence): TokenSequence {
  const ids = [
    ...Array.from(prompt.ids).slice(0, prompt.start),
    ...Array.from(reply.ids).slice(reply.start),
  ];
  const most = Math.max(prompt.ids.length, reply.ids.length, prompt.start + 1);
  return { ids: Int32Array.from(ids.slice(0, most)), start: prompt.start };
}

function asPairs(data: Prepared, method: FinetuneMethod): Held<ReplyPair> {
  if (data.kind === 'pairs') return data;
  throw new FeedprintError({
    code: 'usage',
    message: `${method} learns from pairs, and was given ${data.kind}`,
    remedy: 'give pairs, or learn texts by sft and ratings by kto',
  });
}
