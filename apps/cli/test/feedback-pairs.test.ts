import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runCli } from './support/run-cli.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const root = temporaryFolder();

function write(name: string, ...rows: readonly object[]): string {
  const path = join(root, name);
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join('\n'));
  return path;
}

const battle = (winner: string, reply: string) => ({
  winner,
  conversation_a: [
    { role: 'user', content: 'Hello there' },
    { role: 'assistant', content: reply },
  ],
  conversation_b: [
    { role: 'user', content: 'Hello there' },
    { role: 'assistant', content: 'No.' },
  ],
});

test('feedback pairs says what a file is taken for, counts, and shows the first pairs', async () => {
  const file = write(
    'arena.jsonl',
    battle('model_b', `Well, ${'very '.repeat(40)}well`),
    battle('tie', 'Yes.'),
    battle('tie', 'Yes.'),
  );
  expect(await runCli(['feedback', 'pairs', file])).toEqual({
    code: 0,
    err: '',
    out: `read 3 pairs, 2 ties among them, 1 duplicate; layout jsonl, Chatbot Arena
  prompt    Human: Hello there Assistant:
  chosen    No.
  rejected  Well, ${'very '.repeat(12)}v…
  prompt    Human: Hello there Assistant:
  tied      Yes.
  tied      No.
  prompt    Human: Hello there Assistant:
  tied      Yes.
  tied      No.
`,
  });
  const { out } = await runCli(['feedback', 'pairs', file, '--json', '--max-pairs', '1']);
  expect(JSON.parse(out)).toMatchObject({
    file: 'arena.jsonl',
    layout: 'jsonl, Chatbot Arena',
    count: 1,
    ties: 0,
    duplicates: 0,
    skipped: [],
    signals: [],
    examples: [{ chosen: ' No.', turns: [{ role: 'user', content: 'Hello there' }] }],
  });
});

test('names the map for an unknown layout, and reads by it', async () => {
  const file = write('told.jsonl', { question: 'Q', good: 'yes', bad: 'no' });
  const refused = await runCli(['feedback', 'pairs', file]);
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(/--map chosen=good,rejected=bad,prompt=question\n$/);
  const map = 'chosen=bad,rejected=good,prompt=question';
  const { out } = await runCli(['feedback', 'pairs', file, '--map', map]);
  expect(out).toMatch(/layout jsonl, columns question, bad, good as told\n/);
  expect((await runCli(['feedback', 'pairs', file, '--map', 'chosen=a'])).err).toMatch(
    /write chosen=COLUMN,rejected=COLUMN/,
  );
  const score = ['feedback', 'score', '--signal', 'vader-text', '--pairs', file, '--json'];
  const scored = await runCli([...score, '--map', map]);
  expect(JSON.parse(scored.out)).toMatchObject({
    chosen: { score: -0.296 },
    rejected: { score: 0.4019 },
  });
});
