import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { auditReport } from '@feedprint/recipes';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { commandLine } from './support/sae-args.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const models = fileURLToPath(new URL('../../../packages/demo-models/replies/', import.meta.url));
const root = temporaryFolder();
const asked: { readonly model: string; readonly text: string }[] = [];

/** Two chat models that see exclamation marks alike, and "mood" each in its own way. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const { model, messages } = JSON.parse(body) as {
    model: string;
    messages: { content: string }[];
  };
  const [task = '', shown = ''] = messages.map(({ content }) => content);
  asked.push({ model, text: task + shown });
  const reply = shown.split('Reply:').at(-1) ?? '';
  const content = task.startsWith('You find out')
    ? {
        properties: [
          { name: 'shouts', definition: 'It holds an exclamation mark.' },
          { name: 'mood', definition: 'It is in a good mood.' },
        ],
      }
    : {
        present: task.includes('exclamation')
          ? reply.includes('!')
          : (reply.length + model.length) % 2 === 0,
      };
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({
      choices: [{ message: { role: 'assistant', content: JSON.stringify(content) } }],
    }),
  );
}

const server = createServer((request, response) => void answer(request, response));
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

const audit = (describers: string) =>
  runProgram(
    commandLine('audit', {
      ...{ base: join(models, 'base'), tuned: join(models, 'tuned-planted') },
      ...{ pairs: join(models, 'pairs.jsonl.gz'), 'max-pairs': 120, 'fresh-replies': 60 },
      ...{ 'difference-features': 0, 'placebo-tokens': 0, quick: true, out: join(root, 'run') },
      'describe-models': describers,
      'describe-url': `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    }),
    { env: { OPENAI_API_KEY: 'sk-test' } },
  );

test(
  'properties that two chat models see alike are judged beside those that are counted',
  async () => {
    const { code, err } = await audit('one,other1');
    if (code !== 0) throw new Error(err);
    const report = auditReport.parse(
      JSON.parse(readFileSync(join(root, 'run', 'report.json'), 'utf8')),
    );
    const found = report.properties?.filter(({ resembles }) => resembles) ?? [];
    expect(found.map(({ name, source }) => [name, source])).toEqual([['shouts', 'judge']]);
    expect(found[0]).toMatchObject({
      definition: 'It holds an exclamation mark.',
      resembles: { mostly: { property: 'exclamation' } },
    });
    expect(found[0]?.resembles?.mostly?.r).toBeGreaterThan(0.5);
    expect(found[0]?.learned?.n).toBe(120);
    // Only the one that describes sees which reply was chosen.
    const other = asked.filter(({ model }) => model === 'other1');
    expect(other.length).toBeGreaterThan(200);
    for (const { text } of other) expect(text).not.toMatch(/chosen|rejected/);
    expect(existsSync(join(root, 'run', 'descriptions.jsonl'))).toBe(true);
  },
  PATIENCE,
);

test('one chat model cannot agree with itself', async () => {
  const { code, err } = await audit('one,one');
  expect(code).not.toBe(0);
  expect(err).toContain('name two different ones');
});
