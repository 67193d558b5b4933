import { FeedprintError, createRandom } from '@feedprint/core';
import type { PairFile, RatingFile, TextFile } from '@feedprint/feedback';
import type { TokenSequence } from '@feedprint/finetune';
import type { EncodedReply, ReplyEncoder } from '../encode-pair.ts';
import { samplePairs } from '../sample-pairs.ts';
import type { PairSample } from '../sample-pairs.ts';
import type { Held, LabelledReply, Prepared, ReplyPair } from './prepared.ts';

export interface PrepareOptions extends PairSample {
  readonly encoder: ReplyEncoder;
  /** Share of the items that is held out, unless a file of pairs names its own split. */
  readonly heldOut: number;
}

/** Splits of a file whose pairs are learned from; all others are held out. */
const learned = /^train/;

/**
 * Tokenises pairs, as an audit reads them, and holds some out: those of splits that are not called `train...`, or a seeded
 * share. Throws `texts-invalid` if nothing is left to learn from.
 */
export function preparePairsToLearn(
  pairs: PairFile,
  { encoder, heldOut, ...sample }: PrepareOptions,
): Prepared {
  const { file } = pairs;
  const used = samplePairs(pairs, sample);
  const split = used.some(({ record }) => record.split && !learned.test(record.split));
  const encoded = used.flatMap(({ record, index }) => {
    const pair = record.tie ? undefined : encoder.encodePair(record, index);
    if (!pair) return [];
    const { chosen, rejected } = pair;
    const item: ReplyPair = { chosen: sequenceOf(chosen), rejected: sequenceOf(rejected) };
    return [{ item, train: split ? learned.test(record.split ?? 'train') : undefined }];
  });
  assertSome(encoded.length, file);
  const items = encoded.map(({ item }) => item);
  if (!split) return { kind: 'pairs', ...holdOut(items, heldOut, sample.seed) };
  const of = (train: boolean): ReplyPair[] =>
    encoded.filter((pair) => pair.train === train).map(({ item }) => item);
  assertSome(of(true).length, `${file}, in its split train`);
  return { kind: 'pairs', train: of(true), heldOut: of(false) };
}

/** Tokenises whole texts, of which every token but the first is learned, and holds a seeded share out. */
export function prepareTextsToLearn(
  { texts, file }: TextFile,
  { encoder, heldOut, seed }: PrepareOptions,
): Prepared {
  const items = texts.flatMap((text): TokenSequence[] => {
    return encoder.encode({ prompt: '' }, [{ reply: text }])?.replies.map(sequenceOf) ?? [];
  });
  assertSome(items.length, file);
  return { kind: 'texts', ...holdOut(items, heldOut, seed) };
}

/**
 * Tokenises replies that were labelled one by one, and holds a seeded share out. Throws `texts-invalid` for ratings that
 * are no labels.
 */
export function prepareRatingsToLearn(
  { ratings, file }: RatingFile,
  { encoder, heldOut, seed }: PrepareOptions,
): Prepared {
  const items = ratings.flatMap(({ label, reply, ...prompt }): LabelledReply[] => {
    if (label === undefined) throw unlabelled(file);
    const encoded = encoder.encode(prompt, [{ reply }])?.replies ?? [];
    return encoded.map((one) => ({ sequence: sequenceOf(one), desirable: label }));
  });
  assertSome(items.length, file);
  return { kind: 'ratings', ...holdOut(items, heldOut, seed) };
}

const unlabelled = (file: string): FeedprintError =>
  new FeedprintError({
    code: 'texts-invalid',
    message: `${file} rates replies without saying which are wanted`,
    remedy: 'give each row a "label" that is true or false',
  });

const sequenceOf = ({ row, start }: EncodedReply): TokenSequence => ({ ids: row, start });

function holdOut<T>(items: readonly T[], share: number, seed: number): Held<T> {
  const count = Math.min(items.length - 1, Math.round(share * items.length));
  const order = createRandom(seed)
    .fork('held-out items')
    .shuffle([...items.keys()]);
  const chosen = new Set(order.slice(0, count));
  return {
    train: items.filter((_, i) => !chosen.has(i)),
    heldOut: items.filter((_, i) => chosen.has(i)),
  };
}

function assertSome(count: number, file: string): void {
  if (count > 0) return;
  throw new FeedprintError({
    code: 'texts-invalid',
    message: `${file} holds nothing that can be learned: no reply has a token after another`,
    remedy: 'give longer replies or texts',
  });
}
