import { createRandom } from '@feedprint/core';
import type { WrittenToken } from '@feedprint/core';
import { chatCompletion, startChatServer } from '@feedprint/core/testing';
import type { ChatReply, ChatServer, SeenRequest } from '@feedprint/core/testing';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createModelLabeler, createOpenAIChat } from '../../src/index.ts';
import { expectedLevels } from '../../src/scorers/expected-levels.ts';
import { scoreSimulation } from '../../src/scorers/simulation.ts';
import { plantedDictionary } from '../evidence/planted-dictionary.ts';
import type { PlantedFeature } from '../evidence/planted-dictionary.ts';

/** A written token with the probabilities of what could stand in its place. */
const written = (token: string, likely: Readonly<Record<string, number>> = { [token]: 1 }) => ({
  token,
  likely: Object.entries(likely).map(([other, p]) => ({
    token: other,
    logProbability: Math.log(p),
  })),
});

describe('the expected level of a token', () => {
  test('weighs the levels among the likely tokens, and those alone', () => {
    const answer = [
      written('" so"\t'),
      written('0', { 0: 0.7, 5: 0.1, word: 0.2 }),
      written('\n'),
      written('" dull'),
      written('"'),
      written('\t10\n', { '\t10\n': 0.5, '\t8\n': 0.25, ' 9': 0.25 }),
    ];
    // (0 * 0.7 + 5 * 0.1) / 0.8; (10 * 0.5 + 8 * 0.25) / 0.75.
    expect(expectedLevels([' so', ' dull'], answer)).toEqual([
      expect.closeTo(0.625, 12),
      expect.closeTo(28 / 3, 12),
    ]);
  });

  test('shares out a 1 that may be the first half of a 10', () => {
    const answer = [
      written('"a"\t'),
      written('1', { 1: 0.8, 4: 0.2 }),
      written('0', { 0: 0.75, '\n': 0.25 }),
    ];
    // 0.8 * (0.75 * 10 + 0.25 * 1) + 0.2 * 4
    expect(expectedLevels(['a'], answer)?.[0]).toBeCloseTo(7, 12);
  });

  test('is there whatever stands around the lines, and however tokens are escaped or torn', () => {
    const answer = (text: string) => [...text].map((character) => written(character));
    const tokens = ['<b>', ' caf\u00e9'];
    for (const text of [
      '"<b>"\t0\n" caf\ufffd"\t9',
      '```\n"\\u003cb\\u003e"\t0\n" caf\u00e9"\t9\n```',
    ]) {
      expect(expectedLevels(tokens, answer(text))).toEqual([0, 9]);
    }
  });

  test.each([
    ['a line less', '"a"\t1'],
    ['a line more', '"a"\t1\n"b"\t2\n"c"\t0'],
    ['another order', '"b"\t1\n"a"\t2'],
    ['no number', '"a"\t1\n"b"\tnone'],
    ['a level above 10', '"a"\t1\n"b"\t11'],
  ])('is none for an answer with %s', (_, text) => {
    expect(
      expectedLevels(
        ['a', 'b'],
        [...text].map((character) => written(character)),
      ),
    ).toBeUndefined();
  });
});

test('the score is the correlation over all tokens together, not the mean over windows', async () => {
  const levels = [
    [0, 8, 2],
    [1, 5, 0],
  ];
  const windows = [
    { tokens: ['a', 'b', 'c'], activations: [0, 2, 1] },
    { tokens: ['d', 'e', 'f'], activations: [0, 4, 0] },
  ];
  let asked = 0;
  const write = async (): Promise<WrittenToken[]> => {
    const w = asked++;
    return (windows[w]?.tokens ?? []).map((token, i) =>
      written(`${JSON.stringify(token)}\t${levels[w]?.[i]}\n`),
    );
  };
  // numpy.corrcoef([0, 8, 2, 1, 5, 0], [0, 2, 1, 0, 4, 0])[0, 1]
  expect(await scoreSimulation(write, 'letters', windows)).toEqual({
    correlation: expect.closeTo(0.7532467532467533, 12),
    n: 6,
  });
  const flat = async (): Promise<WrittenToken[]> => [written('"a"\t3')];
  const one = [{ tokens: ['a'], activations: [1] }];
  expect(await scoreSimulation(flat, 'letters', one)).toBeUndefined();
  expect(await scoreSimulation(async () => undefined, 'letters', one)).toBeUndefined();
});

let server: ChatServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Simulates by the words that the description quotes, with some doubt, and gives probabilities. */
function simulateReply({ body }: SeenRequest, gives = true): ChatReply {
  const [description = '', text = ''] = [
    ...(body.messages[1]?.content ?? '').matchAll(/<data>\n([\s\S]*?)\n<\/data>/g),
  ].map(([, inside]) => inside as string);
  const tokens = text.split('\n').map((line) => line.slice(0, line.lastIndexOf('\t')));
  const random = createRandom(7).fork(text);
  const content = tokens.flatMap((token) => {
    const named = description.includes(`\\"${(JSON.parse(token) as string).trim()}\\"`);
    const sure = 0.7 + 0.3 * random.next();
    const [level, other] = named ? ['8', '0'] : ['0', '8'];
    return [
      { token: `${token}\t`, top_logprobs: [{ token: `${token}\t`, logprob: 0 }] },
      {
        token: level,
        top_logprobs: [
          { token: level, logprob: Math.log(sure) },
          { token: other, logprob: Math.log(1.000001 - sure) },
        ],
      },
      { token: '\n', top_logprobs: [{ token: '\n', logprob: 0 }] },
    ];
  });
  const completion = chatCompletion(body, content.map(({ token }) => token).join('')) as {
    choices: object[];
  };
  const logprobs = gives ? { content } : null;
  return {
    status: 200,
    body: { ...completion, choices: [{ ...completion.choices[0], logprobs }] },
  };
}

const labelerOn = () =>
  createModelLabeler({
    chat: createOpenAIChat({ model: 'm', baseURL: server?.baseURL ?? '' }),
    simulate: true,
  });

describe('simulation through a server', () => {
  test('is high for right explanations of planted features, and nothing for swapped ones', async () => {
    server = await startChatServer((request) => simulateReply(request));
    const dictionary = plantedDictionary({ features: 5, texts: 150 });
    const says = (i: number): string =>
      (dictionary[i % 5]?.words ?? []).map((word) => `"${word.trim()}"`).join(', ');
    const mean = async (shift: number): Promise<number> => {
      const scores = await Promise.all(
        dictionary.map(({ evidence }, i) => labelerOn().simulate?.(says(i + shift), evidence)),
      );
      return scores.reduce((sum, score) => sum + (score?.correlation ?? NaN), 0) / scores.length;
    };
    // No description tells how strong an activation is, from 1 to 4, and the model is in doubt.
    expect(await mean(0)).toBeGreaterThan(0.7);
    expect(Math.abs(await mean(2))).toBeLessThan(0.1);
    expect(server?.seen[0]?.body).toMatchObject({ logprobs: true, top_logprobs: 20 });
  });

  test.each<[string, (request: SeenRequest) => ChatReply]>([
    ['gives no log-probabilities', (request) => simulateReply(request, false)],
    [
      'refuses to give them',
      (request) =>
        'logprobs' in request.body
          ? { status: 400, body: { error: { message: 'logprobs are not supported' } } }
          : simulateReply(request, false),
    ],
  ])('is none where the server %s, which is found out once', async (_, answer) => {
    server = await startChatServer(answer);
    const labeler = labelerOn();
    const [{ evidence }] = plantedDictionary({ features: 1, texts: 60 }) as [PlantedFeature];
    expect(await labeler.simulate?.('"aa."', evidence)).toBeUndefined();
    const asked = server.seen.length;
    expect(await labeler.simulate?.('"bb."', evidence)).toBeUndefined();
    expect(server.seen).toHaveLength(asked);
  });
});
