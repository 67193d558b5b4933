import type { ChatTurn } from '@feedprint/core';
import type { JsonObject } from '../../readers/row.ts';
import { splitConversations } from './conversations.ts';
import { judge } from './judge.ts';
import { has, numberOf, UnsoundRow } from './layout.ts';
import type { PairLayout } from './layout.ts';
import { preferenceIn } from './named-winner.ts';
import { turnsOf } from './turns.ts';

/** Chatbot Arena: two conversations, and which model won or whether it was a tie. */
export const arena: PairLayout = {
  name: 'Chatbot Arena',
  fits: (record) => has(record, 'conversation_a', 'conversation_b', 'winner'),
  read: (record) => {
    const [a, b] = [
      turnsOf(record['conversation_a'], 'conversation_a'),
      turnsOf(record['conversation_b'], 'conversation_b'),
    ];
    const preference = preferenceIn(record, 'winner', ['model_a', 'model_b']);
    return [judge(splitConversations(a, b), { preference })];
  },
};

const flags = ['winner_model_a', 'winner_model_b', 'winner_tie'] as const;

/** Arena 55k: what the user said and what either model answered, as JSON lists of texts; one column per outcome. */
export const arena55k: PairLayout = {
  name: 'Chatbot Arena 55k',
  fits: (record) => has(record, 'prompt', 'response_a', 'response_b', ...flags),
  read: (record) => {
    const asked = textsIn(record, 'prompt');
    const [a, b] = ['response_a', 'response_b'].map((column) =>
      conversation(asked, textsIn(record, column)),
    ) as [ChatTurn[], ChatTurn[]];
    return [judge(splitConversations(a, b), { preference: outcome(record) })];
  },
};

function outcome(record: JsonObject): number {
  const [a, b, tie] = flags.map((flag) => numberOf(record[flag]) ?? NaN) as [
    number,
    number,
    number,
  ];
  if (a + b + tie === 1) return a - b;
  throw new UnsoundRow(
    'not exactly one of "winner_model_a", "winner_model_b" and "winner_tie" is 1',
  );
}

/** A list of texts, or its JSON. */
function textsIn(record: JsonObject, column: string): readonly string[] {
  const cell = record[column];
  const list = typeof cell === 'string' ? parsed(cell) : cell;
  if (Array.isArray(list) && list.length > 0 && list.every((item) => typeof item === 'string')) {
    return list;
  }
  throw new UnsoundRow(`a "${column}" that is no list of texts`);
}

function parsed(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return undefined;
  }
}

function conversation(asked: readonly string[], answers: readonly string[]): ChatTurn[] {
  if (asked.length !== answers.length) throw new UnsoundRow('not as many replies as prompts');
  return asked.flatMap((content, i) => [
    { role: 'user', content },
    { role: 'assistant', content: answers[i] as string },
  ]);
}
