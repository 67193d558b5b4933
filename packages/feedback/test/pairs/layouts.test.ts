import { expect, test } from '@jest/globals';
import { readPreferencePairs } from '../../src/index.ts';
import { fileOf, parquetOf } from '../files.ts';

const lines = (...rows: readonly unknown[]): string =>
  rows.map((row) => JSON.stringify(row)).join('\n');

const read = (...rows: readonly unknown[]) =>
  readPreferencePairs(fileOf('pairs.jsonl', lines(...rows)));

const user = (content: string) => ({ role: 'user', content });
const answer = (content: string) => ({ role: 'assistant', content });

/** What is expected of a pair that answers the user's "hi". */
const hi = {
  prompt: '\n\nHuman: hi\n\nAssistant:',
  chosen: ' good',
  rejected: ' bad',
  turns: [user('hi')],
};

test('UltraFeedback: a text prompt, whole conversations, scores', async () => {
  const chosen = [user('hi'), answer('good')];
  const row = { prompt: 'hi', prompt_id: 'p', chosen, messages: chosen, score_chosen: 8 };
  const { pairs, layout } = await read({
    ...row,
    rejected: [user('hi'), answer('bad')],
    score_rejected: 6.5,
  });
  expect(pairs).toEqual([{ ...hi, margin: 1.5 }]);
  expect(layout).toBe('jsonl, conversations');
});

test('Tulu 3, Skywork: conversations with and without a prompt', async () => {
  const [chosen, rejected] = [
    [user('hi'), answer('good')],
    [user('hi'), answer('bad')],
  ];
  const tulu = { id: 'x', source: 's', prompt: 'hi', chosen, rejected };
  expect((await read(tulu)).pairs).toEqual([{ ...hi, id: 'x' }]);
  expect((await read({ chosen, rejected })).pairs).toEqual([hi]);
});

test('Chatbot Arena: who won, or a tie; contents in parts', async () => {
  const row = (winner: string, a: string, b: string) => ({
    id: winner,
    model_a: 'm',
    model_b: 'n',
    winner,
    conversation_a: [user('hi'), answer(a)],
    conversation_b: [user('hi'), { role: 'assistant', content: [{ type: 'text', text: b }] }],
  });
  const { pairs, ties, layout } = await read(
    row('model_a', 'good', 'bad'),
    row('model_b', 'bad', 'good'),
    row('tie', 'good', 'bad'),
    row('tie (bothbad)', 'good', 'bad'),
    row('both_bad', 'good', 'bad'),
  );
  expect(layout).toBe('jsonl, Chatbot Arena');
  expect(ties).toBe(3);
  expect(pairs).toEqual(
    ['model_a', 'model_b', 'tie', 'tie (bothbad)', 'both_bad'].map((id, i) => ({
      ...hi,
      id,
      ...(i > 1 && { tie: true }),
    })),
  );
});

test('Chatbot Arena: conversations part where the models first answer', async () => {
  const [pair] = (
    await read({
      winner: 'model_b',
      conversation_a: [user('hi'), answer('bad'), user('why?'), answer('no')],
      conversation_b: [user('hi'), answer('good'), user('why?'), answer('yes')],
    })
  ).pairs;
  expect(pair).toMatchObject({
    prompt: hi.prompt,
    chosen: ' good\n\nHuman: why?\n\nAssistant: yes',
    rejected: ' bad\n\nHuman: why?\n\nAssistant: no',
    turns: [user('hi')],
    replyTurns: { chosen: [answer('good'), user('why?'), answer('yes')] },
  });
});

test('Arena 55k: JSON lists in a table, one column per outcome', async () => {
  const cell = (...texts: string[]) => `"${JSON.stringify(texts).replaceAll('"', '""')}"`;
  const header = 'id,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie';
  const csv = [
    header,
    `1,${cell('hi')},${cell('good')},${cell('bad')},1,0,0`,
    `2,${cell('hi')},${cell('bad')},${cell('good')},0,1,0`,
    `3,${cell('hi')},${cell('good')},${cell('bad')},0,0,1`,
  ].join('\n');
  const { pairs, layout } = await readPreferencePairs(fileOf('train.csv', csv));
  expect(layout).toBe('csv, Chatbot Arena 55k');
  expect(pairs).toEqual([
    { ...hi, id: '1' },
    { ...hi, id: '2' },
    { ...hi, id: '3', tie: true },
  ]);
});

test('HelpSteer2: two consecutive scored replies to a prompt', async () => {
  const row = (prompt: string, response: string, helpfulness: number, verbosity: number) => ({
    prompt,
    response,
    helpfulness,
    correctness: 3,
    coherence: 4,
    complexity: 2,
    verbosity,
  });
  const said = 'hello\n<extra_id_1>Assistant\nHello.\n<extra_id_1>User\nhi';
  const { pairs, signals, ties, skipped } = await read(
    row('hi', 'bad', 1, 3),
    row('hi', 'good', 4, 1),
    row(said, 'good', 2, 2),
    row(said, 'bad', 2, 1),
    row('alone', 'good', 2, 2),
  );
  const equal = { correctness: 0, coherence: 0, complexity: 0 };
  expect(pairs).toEqual([
    {
      ...hi,
      margin: 3,
      weight: 0.75,
      signals: { helpfulness: 3, ...equal, verbosity: -2 },
    },
    {
      ...hi,
      prompt: '\n\nHuman: hello\n\nAssistant: Hello.\n\nHuman: hi\n\nAssistant:',
      turns: [user('hello'), answer('Hello.'), user('hi')],
      tie: true,
      signals: { helpfulness: 0, ...equal, verbosity: 1 },
    },
  ]);
  expect(signals[0]).toBe('helpfulness');
  expect(ties).toBe(1);
  expect(skipped).toEqual([
    {
      reason: 'a reply without a second one to the same prompt',
      rows: 1,
      first: expect.anything(),
    },
  ]);
});

test('HelpSteer2 and 3: preferences from -3 to 3, of which the sign says which reply is better', async () => {
  const two = (response_1: string, response_2: string, preference_strength: number) => ({
    prompt: 'hi',
    response_1,
    response_2,
    preference_strength,
  });
  const three = (response1: string, response2: string, overall_preference: number) => ({
    domain: 'general',
    context: [user('hi')],
    response1,
    response2,
    overall_preference,
  });
  const strongly = { ...hi, margin: 3, weight: 1 };
  const slightly = { ...hi, margin: 1, weight: 1 / 3 };
  for (const row of [two, three]) {
    const { pairs } = await read(
      row('bad', 'good', 3),
      row('good', 'bad', -1),
      row('good', 'bad', 0),
    );
    expect(pairs).toEqual([strongly, slightly, { ...hi, tie: true }]);
  }
});

test('PRISM: scored answers in each turn, on from the chosen one', async () => {
  const said = (turn: number, content: string) => ({ turn, role: 'user', content, score: null });
  const answered = (turn: number, content: string, score: number, if_chosen: boolean) => ({
    turn,
    role: 'model',
    content,
    score,
    if_chosen,
  });
  const { pairs } = await read({
    conversation_id: 'c1',
    conversation_history: [
      said(0, 'hi'),
      answered(0, 'worst', 5, false),
      answered(0, 'good', 90, true),
      answered(0, 'bad', 30, false),
      said(1, 'why?'),
      answered(1, 'no', 40, false),
      answered(1, 'yes', 41, true),
    ],
  });
  const weight = 1 / 3;
  expect(pairs).toEqual([
    { ...hi, rejected: ' worst', margin: 85, weight },
    { ...hi, chosen: ' bad', rejected: ' worst', margin: 25, weight },
    { ...hi, margin: 60, weight },
    {
      prompt: '\n\nHuman: hi\n\nAssistant: good\n\nHuman: why?\n\nAssistant:',
      turns: [user('hi'), answer('good'), user('why?')],
      chosen: ' yes',
      rejected: ' no',
      margin: 1,
    },
  ]);
});

test('PKU-SafeRLHF: the better and the safer reply are two signals', async () => {
  const row = (better_response_id: number, safer_response_id: number) => ({
    prompt: 'hi',
    response_0: 'zero',
    response_1: 'one',
    better_response_id,
    safer_response_id,
  });
  const { pairs, signals } = await read(row(0, 0), row(0, 1), row(1, 0), row(1, 1));
  const zero = { ...hi, chosen: ' zero', rejected: ' one' };
  const one = { ...hi, chosen: ' one', rejected: ' zero' };
  expect(signals).toEqual(['better', 'safer']);
  expect(pairs).toEqual([
    { ...zero, signals: { better: 1, safer: 1 } },
    { ...zero, signals: { better: 1, safer: -1 } },
    { ...one, signals: { better: 1, safer: -1 } },
    { ...one, signals: { better: 1, safer: 1 } },
  ]);
});

test('Nectar: every pair of ranked answers, together as heavy as one comparison', async () => {
  const parquet = await parquetOf(
    `SELECT '\n\nHuman: hi\n\nAssistant: ' AS prompt, [
      {'answer': 'bad', 'model': 'm', 'rank': 3.0},
      {'answer': 'good', 'model': 'n', 'rank': 1.0},
      {'answer': 'fair', 'model': 'o', 'rank': 2.0}] AS answers`,
  );
  const { pairs, layout } = await readPreferencePairs(parquet);
  expect(layout).toBe('parquet, Nectar ranks');
  const weight = 1 / 3;
  expect(pairs).toEqual([
    { ...hi, margin: 2, weight },
    { ...hi, chosen: ' fair', margin: 1, weight },
    { ...hi, rejected: ' fair', margin: 1, weight },
  ]);
});

test('SHP: a label of 1 prefers A', async () => {
  const row = (human_ref_A: string, human_ref_B: string, labels: number) => ({
    history: 'hi',
    human_ref_A,
    human_ref_B,
    labels,
    score_ratio: Math.E,
  });
  const { pairs } = await readPreferencePairs(
    fileOf('train.json', lines(row('good', 'bad', 1), row('bad', 'good', 0))),
  );
  expect(pairs).toEqual([
    { ...hi, margin: 1 },
    { ...hi, margin: 1 },
  ]);
});

test('Argilla, Intel: what a user says under several names, after a system', async () => {
  const replies = { chosen: 'good', rejected: 'bad' };
  const turns = [{ role: 'system', content: 'Be kind.' }, user('hi')];
  const after = { ...hi, prompt: `\n\nSystem: Be kind.${hi.prompt}`, turns };
  for (const row of [{ question: 'hi' }, { input: 'hi' }, { system: '', question: 'hi' }]) {
    expect((await read({ ...row, ...replies })).pairs).toEqual([hi]);
  }
  for (const row of [{ question: 'hi' }, { input: 'hi' }, { prompt: 'hi' }]) {
    expect((await read({ system: 'Be kind.', ...row, ...replies })).pairs).toEqual([after]);
  }
  const alpaca = { instruction: 'Say', input: 'hi', ...replies };
  expect((await read(alpaca)).pairs[0]?.turns).toEqual([user('Say\nhi')]);
  const rated = { instruction: 'hi', 'chosen-rating': 5, 'rejected-rating': 3, ...replies };
  expect((await read(rated)).pairs).toEqual([{ ...hi, margin: 2 }]);
});

test('TRL: standard and conversational, explicit and implicit prompts', async () => {
  const sky = { prompt: 'The sky', chosen: ' is blue.', rejected: ' was green.' };
  expect((await read(sky)).pairs).toEqual([sky]);
  const implicit = { chosen: 'The sky is blue.', rejected: 'The sky was green.' };
  expect(await read(implicit)).toMatchObject({
    pairs: [sky],
    layout: 'jsonl, texts that share a prompt',
  });
  const bits = { chosen: 'The sky is bluish', rejected: 'The sky is blue' };
  expect((await read(bits)).pairs).toEqual([
    { prompt: 'The sky is', chosen: ' bluish', rejected: ' blue' },
  ]);
  const [chosen, rejected] = [[answer('good')], [answer('bad')]];
  expect((await read({ prompt: [user('hi')], chosen, rejected })).pairs).toEqual([hi]);
});

test('whole texts after a prompt that they repeat', async () => {
  const prompt = 'Once upon a time there was';
  const { pairs, layout } = await read(
    { prompt, chosen: `${prompt} a cat`, rejected: `${prompt} a dog` },
    { prompt: 'A', chosen: 'A cat', rejected: 'A dog' },
  );
  expect(layout).toBe('jsonl, prompt and replies that repeat it');
  expect(pairs).toEqual([
    { prompt, chosen: ' a cat', rejected: ' a dog' },
    { prompt: 'A', chosen: ' cat', rejected: ' dog' },
  ]);
  // Replies may begin like a short prompt by chance.
  const chance = { prompt: 'Hi', chosen: 'Hi!', rejected: 'History' };
  expect((await read(chance)).pairs).toEqual([chance]);
});

test('LLaMA-Factory: turns called from and value', async () => {
  const row = {
    conversations: [{ from: 'human', value: 'hi' }],
    chosen: { from: 'gpt', value: 'good' },
    rejected: { from: 'gpt', value: 'bad' },
  };
  const { pairs, layout } = await readPreferencePairs(
    fileOf('pairs.json', JSON.stringify([row, { ...row, system: 'Be kind.' }], null, 2)),
  );
  expect(layout).toBe('json, LLaMA-Factory conversations');
  expect(pairs[0]).toEqual(hi);
  expect(pairs[1]?.turns).toEqual([{ role: 'system', content: 'Be kind.' }, user('hi')]);
});

test('Stack Exchange: the reply called j is the better one', async () => {
  const row = { question: 'hi', response_j: 'good', response_k: 'bad' };
  expect((await read(row)).pairs).toEqual([hi]);
});

test('Feedback Forensics: the preferred text is named; there may be no prompt', async () => {
  const csv = [
    'prompt,text_a,text_b,preferred_text,model_a,model_b',
    'hi,good,bad,text_a,m,n',
    'hi,bad,good,text_b,m,n',
    'hi,good,bad,tie,m,n',
  ].join('\n');
  const { pairs } = await readPreferencePairs(fileOf('pairs.csv', csv));
  expect(pairs).toEqual([hi, hi, { ...hi, tie: true }]);
  const alone = 'text_a,text_b,preferred_text\nbad,good,text_b\n';
  expect((await readPreferencePairs(fileOf('pairs.csv', alone))).pairs).toEqual([
    { prompt: '', chosen: 'good', rejected: 'bad' },
  ]);
});

test('WIMHF: a label of 1 prefers A', async () => {
  const row = (response_A: string, response_B: string, label: number) => ({
    prompt: 'hi',
    response_A,
    response_B,
    label,
  });
  const rows = [row('good', 'bad', 1), row('bad', 'good', 0), row('good', 'bad', 0.5)];
  const { pairs } = await readPreferencePairs(fileOf('pairs.json', JSON.stringify(rows)));
  expect(pairs).toEqual([hi, hi, { ...hi, tie: true }]);
});

test('turns in the cells of a table are read if they are JSON, and refused if they are not', async () => {
  const cell = (reply: string) => JSON.stringify([user('hi'), answer(reply)]).replaceAll('"', '""');
  const csv = `prompt,chosen,rejected\nhi,"${cell('good')}","${cell('bad')}"\n`;
  expect((await readPreferencePairs(fileOf('pairs.csv', csv))).pairs).toEqual([hi]);
  const printed = (reply: string) =>
    `[{'content': 'hi', 'role': 'user'}, {'content': '${reply}', 'role': 'assistant'}]`;
  const python = `prompt,chosen,rejected\nhi,"${printed('good')}","${printed('bad')}"\n`;
  await expect(readPreferencePairs(fileOf('pairs.csv', python))).rejects.toThrow(
    /turns in "chosen" that are not JSON.*; write the data set as JSON Lines/,
  );
});
