import { createServer } from 'node:http';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import type { Captured } from './support/run-cli.ts';
import { commandLine } from './support/sae-args.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

const root = temporaryFolder();
const exported = join(root, 'exported');
let pair: TinyPair;

/** An export of a tiny GPT-2 of another package's tests. */
function writeExport(): void {
  const fixtures = fileURLToPath(
    new URL('../../../packages/activations/test/onnx/fixtures/', import.meta.url),
  );
  mkdirSync(exported);
  cpSync(join(fixtures, 'gpt2', 'config.json'), join(exported, 'config.json'));
  cpSync(join(fixtures, 'tokenizer.json'), join(exported, 'tokenizer.json'));
  const model = gunzipSync(readFileSync(join(fixtures, 'gpt2', 'model.onnx.gz')));
  writeFileSync(join(exported, 'model.onnx'), model);
}

beforeAll(() => {
  pair = writeTinyPair(root);
  writeExport();
});

const inspect = (flags: Flags): Promise<Captured> =>
  runCli(commandLine('inspect', { threads: 1, ...flags }));

describe('a model may be', () => {
  test('an ONNX file, whose sites are found', async () => {
    const { code, out } = await inspect({ model: join(exported, 'model.onnx') });
    expect(code).toBe(0);
    expect(out).toMatch(/architecture +gpt2/);
    expect(out).toMatch(/blocks\.0\.\.1\.hook_mlp_out +\d+/);
  });

  test('an ONNX file to continue prompts with', async () => {
    const flags = { model: join(exported, 'model.onnx'), prompt: 'good', 'max-new-tokens': 3 };
    const { code, out } = await runCli(
      commandLine('generate', { ...flags, threads: 1, json: true }),
    );
    expect(code).toBe(0);
    const { prompts } = JSON.parse(out) as { prompts: { completions: { ids: number[] }[] }[] };
    expect(prompts[0]?.completions[0]?.ids.length).toBeLessThanOrEqual(3);
  });

  test('a name on the hub', async () => {
    const commit = 'a'.repeat(40);
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(404, { 'x-repo-commit': commit }).end('{"error":"Repository not found"}');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
    const before = process.env.HF_ENDPOINT;
    process.env.HF_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const { code, err } = await inspect({ model: 'someone/tuned', revision: 'v2' });
      expect([code, err]).toEqual([1, expect.stringMatching(/^error: .*someone\/tuned.*; /)]);
      expect(asked[0]).toContain('someone/tuned');
      expect(asked.join(' ')).toContain('v2');
    } finally {
      if (before === undefined) delete process.env.HF_ENDPOINT;
      else process.env.HF_ENDPOINT = before;
      await new Promise((done) => server.close(done));
    }
  });
});

describe('opening a model, given', () => {
  test.each<[string, () => Flags, 1 | 2, RegExp]>([
    [
      'a hub name that the cache has not, offline',
      () => ({ model: 'someone/absent', offline: true }),
      1,
      /someone\/absent at main is not complete in the cache .*; load it once without --offline/,
    ],
    [
      'a path that is nowhere',
      () => ({ model: join(root, 'nowhere') }),
      1,
      /neither a folder nor the name of a model on the hub/,
    ],
    [
      'a device that works nowhere but elsewhere',
      () => ({ model: pair.base, device: process.platform === 'win32' ? 'coreml' : 'dml' }),
      1,
      /does not work here .*; or use the device cpu/,
    ],
    [
      'an adapter for an ONNX file',
      () => ({ model: join(exported, 'model.onnx'), adapter: pair.base }),
      2,
      /adapter cannot be merged into an ONNX file; pass the checkpoint/,
    ],
    [
      'a chat with a model that has no template',
      () => ({ model: pair.base, text: 'good', chat: true }),
      1,
      /has no chat template; use plain texts/,
    ],
  ])('%s, says so in one line', async (_, flags, code, says) => {
    const refused = await inspect(flags());
    expect([refused.code, refused.out]).toEqual([code, '']);
    expect(refused.err).toMatch(says);
    expect(refused.err).toMatch(/^error: [^\n]*\n/);
  });

  test('a base and nothing tuned, says so', async () => {
    const flags = { base: pair.base, texts: pair.texts, feedback: 'vader', out: join(root, 'run') };
    const { code, err } = await runCli(commandLine('audit', flags));
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/there is no tuned model; give --tuned/),
    ]);
  });
});
