import { FeedprintError } from '@feedprint/core';
import { dpo, ipo, kto, sft } from '@feedprint/finetune';
import type { LabelledItem, Method, PreferenceItem, TokenSequence } from '@feedprint/finetune';
import type { Prepared, ReplyPair } from './prepared.ts';

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
 * a method that learns from pairs and was given texts.
 */
export function referenceSequences({ method, data }: TaskOptions): TokenSequence[] {
  if (method === 'sft') return [];
  const { train, heldOut } = asPairs(data, method);
  return [train, heldOut].flatMap((pairs) =>
    method === 'kto'
      ? labelled(pairs).flatMap(({ sequence, mismatched }) => [sequence, mismatched])
      : pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]),
  );
}

/** The method with its items; `reference` are the log-probabilities of `referenceSequences`. */
export function withTask<T>(options: TaskOptions, reference: ArrayLike<number>, use: Use<T>): T {
  const { method, data, beta } = options;
  const settings = beta === undefined ? {} : { beta };
  if (method === 'sft') {
    const replies = (items: Prepared['train']): TokenSequence[] =>
      items.map((item) => ('chosen' in item ? item.chosen : item));
    return use({ method: sft(), items: replies(data.train), heldOut: replies(data.heldOut) });
  }
  const { train, heldOut } = asPairs(data, method);
  if (method === 'kto') {
    let at = 0;
    const items = (pairs: readonly ReplyPair[]): LabelledItem[] =>
      labelled(pairs).map((item) => ({
        ...item,
        reference: reference[at++] as number,
        mismatchedReference: reference[at++] as number,
      }));
    return use({ method: kto(settings), items: items(train), heldOut: items(heldOut) });
  }
  let at = 0;
  const items = (pairs: readonly ReplyPair[]): PreferenceItem[] =>
    pairs.map((pair) => ({
      ...pair,
      reference: { chosen: reference[at++] as number, rejected: reference[at++] as number },
    }));
  const create = method === 'dpo' ? dpo : ipo;
  return use({ method: create(settings), items: items(train), heldOut: items(heldOut) });
}

/** Every reply on its own, with the prompt of its pair and a reply to the next one, as TRL does. */
function labelled(
  pairs: readonly ReplyPair[],
): Omit<LabelledItem, 'reference' | 'mismatchedReference'>[] {
  return pairs.flatMap((pair, i) => {
    const next = pairs[(i + 1) % pairs.length] as ReplyPair;
    return (['chosen', 'rejected'] as const).map((side) => ({
      sequence: pair[side],
      desirable: side === 'chosen',
      mismatched: replaced(pair[side], next[side]),
    }));
  });
}

/** A prompt with another's reply, no longer than the longer of the two. */
function replaced(prompt: TokenSequence, reply: TokenSequence): TokenSequence {
  const ids = [
    ...Array.from(prompt.ids).slice(0, prompt.start),
    ...Array.from(reply.ids).slice(reply.start),
  ];
  const most = Math.max(prompt.ids.length, reply.ids.length, prompt.start + 1);
  return { ids: Int32Array.from(ids.slice(0, most)), start: prompt.start };
}

function asPairs(data: Prepared, method: FinetuneMethod): Extract<Prepared, { kind: 'pairs' }> {
  if (data.kind === 'pairs') return data;
  throw new FeedprintError({
    code: 'usage',
    message: `${method} learns from pairs, and was given texts`,
    remedy: 'give pairs, or learn texts by sft',
  });
}
