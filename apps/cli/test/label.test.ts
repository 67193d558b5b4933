import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom, hash32 } from '@feedprint/core';
import { startChatServer } from '@feedprint/core/testing';
import type { ChatReply, ChatServer, SeenRequest } from '@feedprint/core/testing';
import { labelsSchema } from '@feedprint/recipes';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { commandLine, trainArgs } from './support/sae-args.ts';
import { filesIn, temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

const key = 'sk-test-9876543210-secret';
const root = temporaryFolder();
const sae = join(root, 'sae');
let pair: TinyPair;
let server: ChatServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const serve = async (reply: Parameters<typeof startChatServer>[0]): Promise<ChatServer> => {
  server = await startChatServer(reply);
  return server;
};

beforeAll(async () => {
  pair = writeTinyPair(root);
  const { code, err } = await runCli(trainArgs(pair, sae, { k: 2, width: 64 }));
  if (code !== 0) throw new Error(err);
}, PATIENCE);

const labelArgs = (out: string, changes: Flags = {}): string[] =>
  commandLine('label', {
    sae,
    'sae-model': pair.base,
    texts: pair.texts,
    'max-features': 12,
    out: join(root, out),
    threads: 1,
    ...changes,
  });

const chatArgs = (out: string, changes: Flags = {}): string[] =>
  labelArgs(out, {
    labeler: 'openai',
    model: 'some-model',
    'base-url': server?.baseURL,
    ...changes,
  });

function answer({ body }: SeenRequest): string {
  const asked = body.messages[0]?.content ?? '';
  // Another one for each feature.
  const seen = hash32(body.messages.at(-1)?.content ?? '');
  if (asked.includes('"explanation"')) return `{"explanation":"words ${seen}"}`;
  return asked.includes('"answer"') ? '{"answer":"yes","confidence":0.9}' : '{"active":[1,2]}';
}

const labelsIn = (out: string) =>
  labelsSchema.parse(JSON.parse(readFileSync(join(root, out, 'labels.json'), 'utf8')));

describe('feedprint label offline', () => {
  test('labels features of an SAE, the same ones again', async () => {
    const { code, out, err } = await runCli(labelArgs('offline'));
    expect(err).toMatch(/read 160 texts/);
    expect(code).toBe(0);
    expect(out).toMatch(/^feature +detection +fuzzing +related +label\n/);
    const { features, labeler, enrichment } = labelsIn('offline');
    expect(labeler).toBe('offline');
    expect(enrichment).toBeNull();
    expect(features).toHaveLength(12);
    for (const { label, detection, fuzzing } of features) {
      expect(label).toMatch(/^fires on "/);
      expect(detection?.n).toBeGreaterThan(8);
      expect(fuzzing?.n).toBe(detection?.n);
    }
    const again = await runCli(labelArgs('offline'));
    expect(again.err).toMatch(/label already done/);
    expect(again.out).toBe(out);
  });

  test('labels the features that are named', async () => {
    await runCli(labelArgs('named', { feature: '3,5', export: 'openai,delphi,neuronpedia' }));
    const exported = filesIn(join(root, 'named', 'exports')).map(
      (file) => file.split('exports/')[1],
    );
    expect(exported.sort()).toEqual([
      'delphi/blocks.1.hook_mlp_out_latent3.txt',
      'delphi/blocks.1.hook_mlp_out_latent5.txt',
      'neuronpedia/batch-0.json',
      'openai/blocks.1.hook_mlp_out/3.json',
      'openai/blocks.1.hook_mlp_out/5.json',
    ]);
    expect(labelsIn('named').features.map(({ id }) => id.split('/')[1])).toEqual(['3', '5']);
    const given = await runCli(
      labelArgs('given', { feature: '3,5', given: join(root, 'named', 'exports', 'delphi') }),
    );
    expect(given.code).toBe(0);
    const scoresIn = (out: string) =>
      labelsIn(out).features.map(({ label, detection, fuzzing }) => ({
        label,
        detection,
        fuzzing,
      }));
    expect(scoresIn('given')).toEqual(scoresIn('named'));
    const records = await runCli(
      commandLine('label', {
        records: join(root, 'named', 'exports', 'openai'),
        export: 'neuronpedia-bulk',
        neuronpedia: 'tiny/1-mlp',
        out: join(root, 'records'),
      }),
    );
    expect(records.code).toBe(0);
    expect(labelsIn('records').features.map(({ id }) => id)).toEqual(['1/3', '1/5']);
    const bulk = join(root, 'records', 'exports', 'neuronpedia-bulk', 'tiny', '1-mlp');
    const read = await runCli(
      labelArgs('bulk', { feature: '3,5', given: join(bulk, 'explanations') }),
    );
    expect(read.code).toBe(0);
    expect(labelsIn('bulk').features.map(({ label }) => label)).toEqual(
      labelsIn('records').features.map(({ label }) => label),
    );
    const property = await runCli(labelArgs('property', { feature: '3,5', property: 'digits' }));
    expect(property.code).toBe(0);
    expect(labelsIn('property').question).toMatch(/go with this in a text/);
    const unknown = await runCli(labelArgs('property', { property: 'charm' }));
    expect(unknown.err).toMatch(/there is no property charm; choose one of .*exclamation/);
    const none = await runCli(labelArgs('none', { given: join(bulk, 'features') }));
    expect(none.err).toMatch(/holds no labels of features \(1 files\)/);
    const refused = await runCli(labelArgs('other', { feature: '99' }));
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/no feature 99; use numbers from 0 to 63/);
  });
});

describe('feedprint sheet', () => {
  test('has people check the labels, and scores their answers', async () => {
    const sheet = join(root, 'sheet');
    const written = await runCli(
      commandLine('sheet write', { labels: join(root, 'offline'), out: sheet, questions: 5 }),
    );
    expect(written.out).toMatch(/^5 questions: .*sheet\.csv; keep .*key\.json from those/);
    const { questions } = JSON.parse(readFileSync(join(sheet, 'key.json'), 'utf8')) as {
      questions: { question: number; right: string }[];
    };
    const answers = ['ann.jsonl', 'bob.jsonl'].map((name) => join(root, name));
    for (const file of answers) {
      const rows = questions.map(({ question, right }) => ({ question, answer: right }));
      writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
    }
    const scored = await runCli(commandLine('sheet score', { sheet, answers: answers.join(',') }));
    expect(scored.out).toMatch(/right in all: 100\.0 % \[\d+, 100\] of 10 \(guessing: 20\.0 %\)/);
    expect(scored.out).toMatch(/ann\.jsonl and bob\.jsonl: kappa (1\.00|-) on 5 questions/);
    expect(scored.out).toMatch(/5 explanations chosen by more than half/);
    const wrong = await runCli(commandLine('sheet write', { labels: root, out: sheet }));
    expect(wrong.err).toMatch(/holds no labels; name a folder of feedprint label/);
    const keyless = await runCli(commandLine('sheet score', { sheet: root, answers: 'a.csv' }));
    expect(keyless.err).toMatch(/holds no key of a sheet/);
  });
});

describe('feedprint label with a chat model', () => {
  test('says what it would cost and asks nothing, then asks only if told to', async () => {
    const started = await serve(answer);
    const dry = await runCli(chatArgs('dry', { price: '1,2', 'dry-run': true }));
    expect(dry.code).toBe(0);
    expect(dry.out).toMatch(
      /^12 features, 48 requests: about \d+ tokens .*; about \$0\.0\d+, at most \$\d\.\d+ \(at \$1 and \$2 per million tokens\)\n$/,
    );
    const twice = await runCli(
      chatArgs('dry-twice', { price: '1,2', 'dry-run': true, reflect: true }),
    );
    expect(twice.out).toMatch(/^12 features, 84 requests: /);
    const keyless = await runCli(
      chatArgs('keyless', { 'base-url': undefined, 'dry-run': true, model: 'gpt-4.1-mini' }),
    );
    expect(keyless.out).toMatch(/^12 features, 48 requests: .*at \$0\.4 and \$1\.6/);
    const unsure = await runCli(chatArgs('dry', { price: '1,2' }));
    expect(unsure.code).toBe(2);
    expect(unsure.err).toMatch(/asking costs money: 12 features.*add --yes/);
    expect(started.seen).toHaveLength(0);
    const sure = await runCli(chatArgs('dry', { price: '1,2', yes: true }), {
      env: { OPENAI_API_KEY: key },
    });
    expect(sure.code).toBe(0);
    expect(started.seen).toHaveLength(48);
    expect(sure.err).toMatch(/48 new answers; in all \d+ tokens .*, \$0\.0\d+\n$/);
    for (const file of filesIn(root)) expect(readFileSync(file).includes(key)).toBe(false);
    expect(sure.out + sure.err).not.toContain(key.slice(3, 12));
  });

  test('stops before its budget, and goes on with a larger one from what was paid for', async () => {
    const started = await serve(answer);
    const short = await runCli(
      chatArgs('budget', { price: '100,100', budget: 0.6, 'answer-tokens': 100, yes: true }),
    );
    expect(short.code).toBe(1);
    expect(short.err).toMatch(
      /could pass the budget of \$0\.6: \$0\.\d+ are spent; raise the budget/,
    );
    const paid = started.seen.length;
    expect(paid).toBeGreaterThan(8);
    expect(paid).toBeLessThan(48);
    const rest = await runCli(
      chatArgs('budget', { price: '100,100', budget: 50, 'answer-tokens': 100, yes: true }),
    );
    expect(rest.code).toBe(0);
    expect(started.seen).toHaveLength(48);
    expect(labelsIn('budget').features.every(({ label }) => label?.startsWith('words '))).toBe(
      true,
    );
  });

  test('labels every feature though one request in five fails, and asks nothing twice that was answered', async () => {
    const random = createRandom(3).fork('faults');
    const answered = new Map<string, number>();
    const faults: ChatReply[] = [
      { status: 429, headers: { 'retry-after-ms': '1' } },
      { status: 500, headers: { 'retry-after-ms': '1' } },
      { status: 200, headers: { 'retry-after-ms': '1' }, body: { error: { code: 503 } } },
      { status: 200, body: '{"choi' },
      { status: 200, cut: true, body: '{"choices": []}' },
      // Ends a request at once, and not the run.
      { status: 404, body: { error: { message: 'no such model' } } },
    ];
    let failed = 0;
    await serve((request) => {
      if (random.next() < 0.2) return faults[failed++ % faults.length] as ChatReply;
      const asked = JSON.stringify(request.body);
      answered.set(asked, (answered.get(asked) ?? 0) + 1);
      return answer(request);
    });
    const { code } = await runCli(chatArgs('faulty'));
    expect(code).toBe(0);
    expect(failed).toBeGreaterThan(6);
    expect(answered.size).toBe(48);
    expect([...answered.values()].every((times) => times === 1)).toBe(true);
    for (const { detection, fuzzing } of labelsIn('faulty').features) {
      expect(Math.min(detection?.n ?? 0, fuzzing?.n ?? 0)).toBeGreaterThan(8);
    }
  });

  test(
    'killed in the middle and continued pays for nothing twice',
    async () => {
      let open = 20;
      const answered = new Map<string, number>();
      await serve((request) => {
        if (open-- <= 0) return { status: 200, silent: true };
        const asked = JSON.stringify(request.body);
        answered.set(asked, (answered.get(asked) ?? 0) + 1);
        return answer(request);
      });
      const program = fileURLToPath(new URL('../bin.js', import.meta.url));
      const child = spawn(process.execPath, [program, ...chatArgs('killed')], { stdio: 'ignore' });
      const kept = join(root, 'killed', 'answers.jsonl');
      const lines = (): number =>
        existsSync(kept) ? readFileSync(kept, 'utf8').split('\n').length - 1 : 0;
      while (lines() < 20) await new Promise((resolve) => setTimeout(resolve, 20));
      child.kill('SIGKILL');
      await once(child, 'close');
      open = Infinity;
      const { code, err } = await runProgram(chatArgs('killed'));
      expect(code).toBe(0);
      expect(err).toMatch(/evidence already done/);
      expect(err).toMatch(/28 new answers/);
      expect(answered.size).toBe(48);
      expect([...answered.values()].every((times) => times === 1)).toBe(true);
    },
    PATIENCE,
  );

  test('asks what is known, and corrects for it', async () => {
    await serve(answer);
    const { code, out } = await runCli(
      chatArgs('calibrated', { calibrate: true, 'second-model': 'other-model' }),
    );
    expect(code).toBe(0);
    const { judge, related } = labelsIn('calibrated');
    const classes = judge?.find(({ task }) => task === 'classification');
    // Always says yes, and so does the other one.
    expect(classes).toMatchObject({
      judge: 'some-model',
      sensitivity: { value: 1 },
      specificity: { value: 0 },
      bias: { value: 0.5 },
      agreement: { agreed: 1, kappa: null },
    });
    expect(related).toMatchObject({ observed: { value: 1 }, value: null });
    expect(out).toMatch(
      /some-model at classification: right on 50.0 % of 60 known answers, says yes 50.0 points too often/,
    );
    expect(out).toMatch(/as judged; the judge is no better than chance/);
  });

  test('goes through batches', async () => {
    const started = await serve(answer);
    const { code } = await runCli(
      chatArgs('batches', { 'batch-api': true, 'max-features': 2, 'batch-poll': '0.02' }),
    );
    expect(code).toBe(0);
    expect(started.seen).toHaveLength(0);
    expect(started.batches()).toBe(2);
    expect(started.seenInBatches).toHaveLength(8);
  });
});

describe('feedprint label', () => {
  test.each<[Flags, RegExp]>([
    [
      { sae: undefined, 'sae-model': undefined, texts: undefined },
      /neither an audit nor an SAE nor/,
    ],
    [{ texts: undefined }, /also give --sae-model and --texts/],
    [{ model: 'm' }, /--model does nothing without --labeler openai/],
    [{ labeler: 'openai' }, /no chat model to ask; add --model/],
    [
      { labeler: 'openai', model: 'm', 'base-url': 'https://models.example.org/v1', budget: 1 },
      /what m costs is not known; add --price/,
    ],
  ])('refuses %j', async (changes, message) => {
    const { code, err } = await runCli(labelArgs('refused', changes));
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  test('refuses a folder that is no audit', async () => {
    const { code, err } = await runCli(commandLine('label', { run: root }));
    expect(code).toBe(1);
    expect(err).toMatch(/holds no audit that has gathered evidence/);
  });
});
