import type { ChatTurn, PreferencePair } from '@feedprint/core';

/** A conversation, two replies to it and what was said of them: 1 for the first, -1 for the second, 0 for a tie. */
export interface Judged {
  readonly turns: readonly ChatTurn[];
  readonly first: string;
  readonly second: string;
  readonly preference: number;
}

export interface Published {
  readonly name: string;
  /** Rows as the data set has them. */
  readonly write: (judged: Judged) => readonly unknown[];
  /** Whether it knows ties; otherwise a tie is written as preferring the first reply. */
  readonly ties?: true;
  /** Whether the prompt is one message of the user. */
  readonly single?: true;
  /** Whether prompt and replies are plain text, of which only the whole can be told for sure. */
  readonly plain?: true;
}

const last = ({ turns }: Judged): string => turns.at(-1)?.content ?? '';
const answer = (content: string) => ({ role: 'assistant', content });
const sorted = ({ first, second, preference }: Judged) =>
  preference < 0 ? ([second, first] as const) : ([first, second] as const);
const whole = ({ turns }: Judged, reply: string) => [...turns, answer(reply)];
const parts = (turns: readonly ChatTurn[]) =>
  turns.map(({ role, content }) => ({ role, content: [{ type: 'text', text: content }] }));
const dialogue = (turns: readonly ChatTurn[]): string =>
  turns
    .map(({ role, content }) => `\n\n${role === 'user' ? 'Human' : 'Assistant'}: ${content}`)
    .join('');
const from = ({ role, content }: ChatTurn) => ({
  from: role === 'user' ? 'human' : 'gpt',
  value: content,
});
const winner = (preference: number, first: string, second: string, tie = 'tie'): string =>
  preference > 0 ? first : preference < 0 ? second : tie;
const id = (preference: number): number => (preference < 0 ? 1 : 0);

/** How data sets write the same judgement. */
export const published: readonly Published[] = [
  {
    name: 'HH-RLHF',
    write: (judged) => {
      const [chosen, rejected] = sorted(judged).map((reply) => dialogue(whole(judged, reply)));
      return [{ chosen, rejected }];
    },
  },
  {
    name: 'UltraFeedback',
    write: (judged) => {
      const [chosen, rejected] = sorted(judged).map((reply) => whole(judged, reply));
      return [{ prompt: last(judged), chosen, rejected, messages: chosen, score_chosen: 1 }];
    },
  },
  {
    name: 'Skywork',
    write: (judged) => {
      const [chosen, rejected] = sorted(judged).map((reply) => whole(judged, reply));
      return [{ chosen, rejected }];
    },
  },
  {
    name: 'TRL, conversational, explicit',
    write: (judged) => {
      const [chosen, rejected] = sorted(judged).map((reply) => [answer(reply)]);
      return [{ prompt: judged.turns, chosen, rejected }];
    },
  },
  {
    name: 'TRL, standard, explicit',
    plain: true,
    single: true,
    write: (judged) => {
      const [chosen, rejected] = sorted(judged).map((reply) => ` ${reply}`);
      return [{ prompt: last(judged), chosen, rejected }];
    },
  },
  {
    name: 'TRL, standard, implicit',
    plain: true,
    single: true,
    write: (judged) => {
      const [chosen, rejected] = sorted(judged).map((reply) => `${last(judged)} ${reply}`);
      return [{ chosen, rejected }];
    },
  },
  {
    name: 'Intel',
    single: true,
    write: (judged) => {
      const [chosen, rejected] = sorted(judged);
      return [{ system: '', question: last(judged), chosen, rejected }];
    },
  },
  {
    name: 'LLaMA-Factory',
    write: (judged) => {
      const [chosen, rejected] = sorted(judged).map((reply) => from(answer(reply)));
      return [{ conversations: judged.turns.map(from), chosen, rejected }];
    },
  },
  {
    name: 'Chatbot Arena',
    ties: true,
    write: (judged) => [
      {
        conversation_a: whole(judged, judged.first),
        conversation_b: parts(whole(judged, judged.second)),
        winner: winner(judged.preference, 'model_a', 'model_b', 'tie (bothbad)'),
      },
    ],
  },
  {
    name: 'Chatbot Arena 55k',
    ties: true,
    single: true,
    write: (judged) => [
      {
        prompt: JSON.stringify([last(judged)]),
        response_a: JSON.stringify([judged.first]),
        response_b: JSON.stringify([judged.second]),
        winner_model_a: Number(judged.preference > 0),
        winner_model_b: Number(judged.preference < 0),
        winner_tie: Number(judged.preference === 0),
      },
    ],
  },
  {
    name: 'HelpSteer2 scores',
    ties: true,
    single: true,
    write: (judged) =>
      [judged.first, judged.second].map((response, i) => ({
        prompt: last(judged),
        response,
        helpfulness: 2 + (i === 0 ? judged.preference : 0),
        correctness: 4 - i,
        coherence: i,
        complexity: 1,
        verbosity: 3 * i,
      })),
  },
  {
    name: 'HelpSteer2 preferences',
    ties: true,
    single: true,
    write: ({ first, second, preference, ...judged }) => [
      {
        prompt: last({ first, second, preference, ...judged }),
        response_1: first,
        response_2: second,
        preference_strength: -2 * preference,
      },
    ],
  },
  {
    name: 'HelpSteer3',
    ties: true,
    write: ({ turns, first, second, preference }) => [
      {
        context: turns,
        response1: first,
        response2: second,
        overall_preference: -3 * preference,
      },
    ],
  },
  {
    name: 'PRISM',
    ties: true,
    single: true,
    write: (judged) => [
      {
        conversation_history: [
          { turn: 0, role: 'user', content: last(judged), score: null },
          ...[judged.first, judged.second].map((content, i) => ({
            turn: 0,
            role: 'model',
            content,
            score: 50 + (i === 0 ? judged.preference : 0),
            if_chosen: i === id(judged.preference),
          })),
        ],
      },
    ],
  },
  {
    name: 'PKU-SafeRLHF',
    single: true,
    write: (judged) => [
      {
        prompt: last(judged),
        response_0: judged.first,
        response_1: judged.second,
        better_response_id: id(judged.preference),
        safer_response_id: 1 - id(judged.preference),
      },
    ],
  },
  {
    name: 'Nectar',
    write: (judged) => [
      {
        prompt: `${dialogue(judged.turns)}\n\nAssistant: `,
        answers: [judged.first, judged.second].map((reply, i) => ({
          answer: reply,
          rank: i === id(judged.preference) ? 1 : 2,
        })),
      },
    ],
  },
  {
    name: 'SHP',
    single: true,
    write: (judged) => [
      {
        history: last(judged),
        human_ref_A: judged.first,
        human_ref_B: judged.second,
        labels: 1 - id(judged.preference),
        score_ratio: 2,
      },
    ],
  },
  {
    name: 'Stack Exchange',
    single: true,
    write: (judged) => {
      const [response_j, response_k] = sorted(judged);
      return [{ question: last(judged), response_j, response_k }];
    },
  },
  {
    name: 'Feedback Forensics',
    ties: true,
    single: true,
    write: (judged) => [
      {
        prompt: last(judged),
        text_a: judged.first,
        text_b: judged.second,
        preferred_text: winner(judged.preference, 'text_a', 'text_b'),
      },
    ],
  },
  {
    name: 'WIMHF',
    single: true,
    write: (judged) => [
      {
        prompt: last(judged),
        response_A: judged.first,
        response_B: judged.second,
        label: 1 - id(judged.preference),
      },
    ],
  },
];

/** The pair that every data set states of a judgement, as far as it can. */
export function expected(judged: Judged, { ties, plain, single }: Published): PreferencePair {
  const [chosen, rejected] = sorted(judged);
  const turns = single ? [{ role: 'user', content: last(judged) }] : judged.turns;
  if (plain) return { prompt: last(judged), chosen: ` ${chosen}`, rejected: ` ${rejected}` };
  return {
    prompt: `${dialogue(turns)}\n\nAssistant:`,
    chosen: ` ${chosen}`,
    rejected: ` ${rejected}`,
    turns,
    ...(ties && judged.preference === 0 && { tie: true }),
  };
}
