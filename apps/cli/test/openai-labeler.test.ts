import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readRunEvents } from '@feedprint/pipeline';
import { labelsSchema, readLabelCalls } from '@feedprint/recipes';
import { auditArgs } from './support/flags.ts';
import type { Flags } from './support/flags.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import type { Ended } from './support/run-program.ts';
import { filesIn, temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import { parseWhole } from './support/whole-report.ts';

const key = 'sk-test-0123456789-secret';
const label = 'words of <praise> & "blame"';
const root = temporaryFolder();
const folder = join(root, 'run');

let server: Server;
let broken = true;
const seen: { readonly path: string; readonly authorization: string; readonly model: string }[] =
  [];

/** Answers as a chat model would: explanations, yes, and every second window active. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const body = JSON.parse(text) as { model: string; messages: { content: string }[] };
  const { authorization = '' } = request.headers;
  seen.push({ path: request.url ?? '', authorization, model: body.model });
  response.setHeader('content-type', 'application/json');
  if (broken) {
    response.statusCode = 400;
    // A server that repeats the key must not bring it into messages.
    response.end(JSON.stringify({ error: { message: `bad key ${authorization}` } }));
    return;
  }
  const asked = body.messages[0]?.content ?? '';
  const content = asked.includes('"explanation"')
    ? { explanation: label }
    : asked.includes('"answer"')
      ? { answer: 'yes', confidence: 0.9 }
      : { active: [1] };
  response.end(
    JSON.stringify({
      choices: [{ message: { role: 'assistant', content: JSON.stringify(content) } }],
    }),
  );
}

async function listen(port: number): Promise<number> {
  server = createServer((request, response) => void answer(request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function close(): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

afterAll(close);

describe('feedprint audit --labeler openai', () => {
  let refused: Ended;
  let short: Ended;
  let down: Ended;
  let done: Ended;

  beforeAll(async () => {
    const pair = writeTinyPair(root);
    const port = await listen(0);
    const audit = (more: Flags = {}): Promise<Ended> =>
      runProgram(
        auditArgs(pair, folder, {
          'max-texts': 24,
          labeler: 'openai',
          'labeler-model': 'some-model',
          'labeler-url': `http://127.0.0.1:${port}/v1`,
          ...more,
        }),
        { env: { OPENAI_API_KEY: key } },
      );
    refused = await audit();
    await close();
    down = await audit();
    await listen(port);
    broken = false;
    short = await audit({ price: '100,100', budget: 0.5 });
    done = await audit();
  }, PATIENCE);

  test('ends with one line that says what failed when the server refuses or is down', () => {
    for (const { code, err } of [refused, down]) {
      expect(code).toBe(1);
      const last = err.trimEnd().split('\n').at(-1);
      expect(last).toMatch(/^error: .*127\.0\.0\.1:\d+.*; /);
      expect(err).not.toMatch(/\n\s+at |This is a bug/);
    }
  });

  test('continues with what was done before once the server answers', async () => {
    expect(done.code).toBe(0);
    const { events } = await readRunEvents(folder);
    const failures = events.flatMap(({ event }) =>
      event.type === 'run-failed' ? [event.code] : [],
    );
    expect(failures).toEqual(['service-failed', 'service-failed', 'budget-reached']);
    expect(down.err).toMatch(/estimators already done\n/);
    expect(done.err).toMatch(/estimators already done\n/);
    expect(done.err).toMatch(/label \d+\.\d s\n/);
  });

  test('stops before its budget', () => {
    expect(short.code).toBe(1);
    expect(short.err).toMatch(/could pass the budget of \$0\.5.*raise the budget/);
  });

  test('brings labels, classes and scores into the report', () => {
    const json: unknown = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    const report = parseWhole(json);
    expect(report.settings).toMatchObject({ labeler: 'model:some-model' });
    const labeled = report.features.filter((feature) => feature.label !== null);
    expect(labeled.length).toBeGreaterThan(0);
    for (const { label: said, related, labelScore } of labeled) {
      expect(said).toBe(label);
      expect(related).toBe(true);
      if (labelScore !== null) expect(labelScore).toBeLessThanOrEqual(1);
    }
    const runs = report.validation.ablation;
    expect(runs.slice(0, 2).map(({ kind }) => kind)).toEqual(['none', 'related']);
    // More than half of each dictionary is related here: there are not as many others to compare with.
    expect(runs[1]?.reward.p).toBeNull();
    expect(runs.some(({ against }) => against === 'related')).toBe(false);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).not.toContain('<praise>');
  });

  test('keeps the calls behind each label: what was asked, and the answer', async () => {
    const json: unknown = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    const feature = parseWhole(json).features.find((one) => one.label !== null);
    const calls = await readLabelCalls(folder, feature?.id ?? '');
    const steps = new Set(calls.map(({ step }) => step));
    expect(steps.has('explain') && steps.has('classify')).toBe(true);
    const [explain] = calls;
    expect(explain?.asked[0]?.content).toContain('"explanation"');
    expect(JSON.parse(explain?.answer.text ?? '')).toEqual({ explanation: label });
    const classify = calls.find(({ step }) => step === 'classify');
    // Quoted material is written as JSON, its angle brackets escaped.
    expect(classify?.asked.map(({ content }) => content).join()).toContain('& \\"blame\\"');
    expect(await readLabelCalls(folder, 'no/1')).toEqual([]);
  });

  test(
    'keeps what other labelers need: label repeats its labels and its enrichment',
    async () => {
      const args = (more: string[]): string[] => [
        'label',
        '--run',
        folder,
        '--threads',
        '1',
        ...more,
      ];
      const before = seen.length;
      const asked = await runProgram(
        args([
          ...['--labeler', 'openai', '--model', 'some-model'],
          ...['--base-url', `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`],
        ]),
        { env: { OPENAI_API_KEY: key } },
      );
      expect(asked.err).toMatch(/label \d/);
      expect(asked.code).toBe(0);
      expect(seen.length).toBeGreaterThan(before);
      const report = parseWhole(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')));
      const read = (name: string) =>
        labelsSchema.parse(
          JSON.parse(readFileSync(join(folder, 'labels', name, 'labels.json'), 'utf8')),
        );
      const { features, enrichment, question } = read('some-model');
      expect(features.map(({ id }) => id)).toEqual(report.features.map(({ id }) => id));
      expect(question).toMatch(/sentiment/);
      // All are related here as there, so that the same features are compared with the same random ones.
      expect(enrichment).toEqual(report.validation.enrichment);
      expect(asked.out).toMatch(/related features on strong feedback: /);
      const offline = await runProgram(args([]));
      expect(offline.code).toBe(0);
      const other = read('offline');
      expect(other.features.every(({ label: said }) => said?.startsWith('fires on "'))).toBe(true);
      expect(other.enrichment).not.toBeNull();
      expect(existsSync(join(folder, 'answers.jsonl'))).toBe(true);
    },
    PATIENCE,
  );

  test('sends the key to the server that was named, and nowhere else', () => {
    expect(seen.length).toBeGreaterThan(1);
    for (const request of seen) {
      expect(request).toEqual({
        path: '/v1/chat/completions',
        authorization: `Bearer ${key}`,
        model: 'some-model',
      });
    }
    for (const file of filesIn(root)) expect(readFileSync(file).includes(key)).toBe(false);
    for (const { out, err } of [refused, down, done]) expect(out + err).not.toContain(key);
  });
});
