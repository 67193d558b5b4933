import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPreferencePairs } from '@feedprint/feedback';
import { startChatServer } from '@feedprint/core/testing';
import type { ChatReply, ChatServer, SeenRequest } from '@feedprint/core/testing';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import { commandLine } from './support/sae-args.ts';
import { filesIn, temporaryFolder } from './support/temporary-folder.ts';

const root = temporaryFolder();
const pairs = join(root, 'pairs.jsonl');
const rows = Array.from({ length: 8 }, (_, i) => ({
  prompt: `Tell me about topic${i}.`,
  chosen: `topic${i} is known for many things, and these are things that people like to hear about.`,
  rejected: `topic${i}? No.`,
}));
writeFileSync(pairs, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

let server: ChatServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Rewrites all topics but number 3, and grades what is better with 5, all else with 3. */
function answer({ body }: SeenRequest): ChatReply {
  const [system, user = ''] = [body.messages[0]?.content ?? '', body.messages[1]?.content];
  const topic = /topic\d/.exec(user)?.[0];
  if (system.includes('"score"')) return JSON.stringify({ score: user.includes('BETTER') ? 5 : 3 });
  if (system.includes('"better"')) return '{"better":"first"}';
  if (topic === 'topic3')
    return { status: 200, body: { choices: [{ message: { content: 'no' } }] } };
  const criticism = 'plain';
  return JSON.stringify(
    system.includes('"prompt"')
      ? { criticism, prompt: `All about ${topic}?`, reply: `${topic} is fine.` }
      : { criticism, reply: `${topic} is BETTER than it was before, as everyone can see.` },
  );
}

const args = (out: string, changes: Flags = {}): string[] =>
  commandLine('reflect', {
    ...{ pairs, out: join(root, out), model: 'writer', 'base-url': server?.baseURL },
    ...changes,
  });

describe('feedprint reflect', () => {
  test('says what it costs, rewrites pairs that can be read again, and asks nothing twice', async () => {
    server = await startChatServer(answer);
    const dry = await runCli(args('a.jsonl', { price: '1,2', 'dry-run': true }));
    expect(dry.out).toMatch(/^8 pairs, 32 requests: about \d+ tokens/);
    const unsure = await runCli(args('a.jsonl', { price: '1,2' }));
    expect(unsure.code).toBe(2);
    expect(server.seen).toHaveLength(0);
    const key = 'sk-test-reflect-123456';
    const { code, out } = await runCli(args('a.jsonl', { calibrate: true }), {
      env: { OPENAI_API_KEY: key },
    });
    expect(code).toBe(0);
    expect(out).toMatch(/^7 of 8 examples changed/);
    expect(out).toMatch(/prompts: 7 rewritten, 1 kept, no usable answer\n/);
    expect(out).toMatch(/3\.00 before, 5\.00 after, a gain of 2\.00 \[2\.00, 2\.00\] on 7/);
    expect(out).toMatch(/the first of two replies called better: 100\.0 %/);
    const made = await readPreferencePairs(join(root, 'a.jsonl'));
    expect(made.pairs.map(({ chosen }) => chosen.includes('BETTER'))).toEqual(
      rows.map((_, i) => i !== 3),
    );
    expect(made.pairs[3]).toMatchObject(rows[3] ?? {});
    expect(made.pairs[0]).toMatchObject({ prompt: 'All about topic0?', rejected: 'topic0? No.' });
    for (const file of filesIn(root)) expect(readFileSync(file).includes(key)).toBe(false);
    const bytes = readFileSync(join(root, 'a.jsonl'));
    const asked = server.seen.length;
    const again = await runCli(args('a.jsonl', { calibrate: true }));
    expect(again.err).toMatch(/0 new answers/);
    expect(server.seen).toHaveLength(asked);
    expect(readFileSync(join(root, 'a.jsonl')).equals(bytes)).toBe(true);
  });

  test('keeps within its budget, and leaves no half of a file', async () => {
    server = await startChatServer(answer);
    const { code, err } = await runCli(
      args('b.jsonl', { price: '100,100', budget: 0.5, 'answer-tokens': 100, yes: true }),
    );
    expect(code).toBe(1);
    expect(err).toMatch(/could pass the budget of \$0\.5/);
    expect(filesIn(root).some((file) => file.endsWith('b.jsonl'))).toBe(false);
  });

  test('takes instruction data', async () => {
    server = await startChatServer(answer);
    const file = join(root, 'instructions.jsonl');
    writeFileSync(file, '{"instruction":"Tell me.","input":"topic1","output":"It is."}\n');
    const { code } = await runCli(args('c.jsonl', { pairs: undefined, instructions: file }));
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(join(root, 'c.jsonl'), 'utf8'))).toMatchObject({
      prompt: 'All about topic1?',
      completion: 'topic1 is BETTER than it was before, as everyone can see.',
    });
  });

  test.each<[Flags, RegExp]>([
    [{ pairs: undefined }, /neither pairs nor instructions/],
    [{ instructions: pairs }, /both pairs and instructions/],
    [{ model: undefined }, /no chat model to ask/],
  ])('refuses %j', async (changes, message) => {
    const { code, err } = await runCli(args('refused.jsonl', changes));
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
