import type { ChatTurn } from '@feedprint/core';
import { asReply, asked, withTurns } from '../pairs/layouts/as-pair.ts';
import { asksAndAnswers } from '../pairs/layouts/helpsteer-prompt.ts';
import { has, numberOf, present, UnsoundRow } from '../pairs/layouts/layout.ts';
import { turnsOf } from '../pairs/layouts/turns.ts';
import { isObject } from '../readers/row.ts';
import type { JsonObject } from '../readers/row.ts';
import type { RatedReply } from './rating-file.ts';

/** One way in which data sets write single replies with ratings. */
export interface RatingLayout {
  readonly name: string;
  readonly fits: (record: JsonObject) => boolean;
  /** Throws `UnsoundRow` for a record that holds no rated reply. */
  readonly read: (record: JsonObject) => Omit<RatedReply, 'id'>;
}

/** TRL's unpaired preferences: `prompt`, `completion` (texts or turns) and `label`, true or false. */
const trl: RatingLayout = {
  name: 'prompt, completion and label',
  fits: (record) => has(record, 'completion', 'label'),
  read: (record) => ({
    ...replyTo(record['prompt'], record['completion']),
    ...labelled(record['label'], 'label'),
  }),
};

/** LLaMA-Factory's KTO: `conversations` that end with the reply, or Alpaca's columns, and `kto_tag`. */
const llamaFactory: RatingLayout = {
  name: 'LLaMA-Factory KTO',
  fits: (record) => 'kto_tag' in record,
  read: (record) => ({ ...conversationOf(record), ...labelled(record['kto_tag'], 'kto_tag') }),
};

/** HelpSteer: `prompt`, `response` and five scores, of which `helpfulness` counts. */
const helpSteer: RatingLayout = {
  name: 'HelpSteer scores',
  fits: (record) => has(record, 'prompt', 'response', 'helpfulness'),
  read: (record) => ({
    ...replyTo(asTurns(asksAndAnswers(record['prompt'])), record['response']),
    rating: scoreIn(record, 'helpfulness'),
  }),
};

const replies = ['reply', 'response', 'completion', 'answer', 'output', 'text'];
const scores = ['score', 'rating', 'reward', 'grade'];
const first = (columns: readonly string[], record: JsonObject): string | undefined =>
  columns.find((column) => present(record[column]) !== undefined);

/** A reply, or a text alone, with a number. */
const scored: RatingLayout = {
  name: 'scored replies',
  fits: (record) => first(replies, record) !== undefined && first(scores, record) !== undefined,
  read: (record) => ({
    ...replyTo(record['prompt'], record[first(replies, record) ?? '']),
    rating: scoreIn(record, first(scores, record) ?? ''),
  }),
};

/** The first that fits a record reads it. */
export const ratingLayouts: readonly RatingLayout[] = [trl, llamaFactory, helpSteer, scored];

function replyTo(given: unknown, reply: unknown): Omit<RatedReply, 'rating'> {
  const prompt = present(given) ?? '';
  if (typeof prompt === 'string' && typeof reply === 'string') {
    const { turns, ...pair } = withTurns({ prompt, chosen: reply, rejected: reply });
    return { prompt: pair.prompt, reply, ...(turns && { turns }) };
  }
  const before = typeof prompt === 'string' ? asked(prompt) : turnsOf(prompt, 'prompt');
  return asReply(before, turnsOf(reply, 'completion'));
}

function conversationOf(record: JsonObject): Omit<RatedReply, 'rating'> {
  const system = present(record['system']);
  const begin: ChatTurn[] =
    typeof system === 'string' && system !== '' ? [{ role: 'system', content: system }] : [];
  const { conversations, messages, instruction, input, output } = record;
  const turns = conversations ?? messages;
  if (Array.isArray(turns)) {
    const all = turnsOf(turns, 'conversations');
    return asReply([...begin, ...all.slice(0, -1)], all.slice(-1));
  }
  if (typeof instruction !== 'string') throw new UnsoundRow('neither turns nor an instruction');
  const text = [instruction, present(input)].filter(Boolean).join('\n');
  return asReply([...begin, { role: 'user', content: text }], turnsOf(output, 'output'));
}

const asTurns = (prompt: unknown): unknown =>
  typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;

function labelled(value: unknown, column: string): { rating: number; label: boolean } {
  const label = { true: true, false: false, '1': true, '0': false }[String(value).toLowerCase()];
  if (label === undefined || isObject(value)) {
    throw new UnsoundRow(`a "${column}" that is neither true nor false`);
  }
  return { rating: Number(label), label };
}

function scoreIn(record: JsonObject, column: string): number {
  const score = numberOf(record[column]);
  if (score === undefined) throw new UnsoundRow(`a "${column}" that is not a number`);
  return score;
}
