import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { writeSafetensors } from '@feedprint/core';
import { runCli } from './support/run-cli.ts';
import { SITE, commandLine, trainArgs } from './support/sae-args.ts';
import type { Flags } from './support/flags.ts';
import { hashesIn, temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';

const root = temporaryFolder();
const sae = join(root, 'sae');
const crosscoder = join(root, 'crosscoder');
let count = 0;
const fresh = (): string => join(root, `fresh-${count++}`);
const run = (command: string, flags: Flags) => runCli(commandLine(`sae ${command}`, flags));

/** The paper's untied layout, which tells no site. */
function siteless(): string {
  const folder = fresh();
  mkdirSync(folder);
  const numbers = (length: number): Float32Array =>
    Float32Array.from({ length }, (_, i) => Math.sin(i + 1));
  writeSafetensors(join(folder, 'ae.safetensors'), {
    'encoder.weight': { shape: [6, 4], data: numbers(24) },
    'encoder.bias': { shape: [6], data: numbers(6) },
    'decoder.weight': { shape: [4, 6], data: numbers(24) },
    bias: { shape: [4], data: numbers(4) },
  });
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({ trainer: { dict_class: 'AutoEncoder', activation_dim: 4, dict_size: 6 } }),
  );
  return folder;
}

beforeAll(async () => {
  const pair = writeTinyPair(root);
  await runCli(trainArgs(pair, sae));
  const models = { model: pair.tuned, base: pair.base };
  await runCli(trainArgs(pair, crosscoder, { ...models, kind: 'crosscoder', k: 4 }));
});

describe('feedprint sae export and import', () => {
  test('write the same SAELens folder, firing frequencies too', async () => {
    const [exported, imported] = [fresh(), fresh()];
    expect(await run('export', { sae, out: exported })).toMatchObject({
      code: 0,
      out: `saelens: ${exported}\n`,
      err: '',
    });
    expect((await run('import', { sae: exported, out: imported })).out).toBe(
      `topk SAE of 32 features over the 16 units of ${SITE}: ${imported}\n`,
    );
    const original = hashesIn(sae, (path) => /^(cfg|sae_weights|sparsity)\./.test(path));
    expect(hashesIn(exported)).toEqual(original);
    expect(hashesIn(imported)).toEqual(original);
  });

  test('tell what they did as JSON', async () => {
    const out = fresh();
    const { out: text } = await run('import', { sae, out, json: true });
    expect(JSON.parse(text)).toEqual({ folder: out, kind: 'topk', site: SITE, dIn: 16, dSae: 32 });
  });

  test('take a site for files that tell none', async () => {
    const [from, out] = [siteless(), fresh()];
    const refused = await run('import', { sae: from, out });
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/^error: .*does not say which site.*; pass site.*\n$/);
    expect(existsSync(out)).toBe(false);
    const taken = await run('import', { sae: from, out, site: SITE });
    expect(taken.out).toMatch(
      /^relu SAE of 6 features over the 4 units of blocks\.1\.hook_mlp_out/,
    );
    expect(readdirSync(out).sort()).toEqual(['cfg.json', 'sae_weights.safetensors']);
  });

  test('refuse a pickle in one line, with the command that converts it', async () => {
    const [from, out] = [join(root, 'ae.pt'), fresh()];
    writeFileSync(from, Buffer.from([0x80, 2, 0x7d, 0x71, 0, 0x2e]));
    const { code, err } = await run('import', { sae: from, out });
    expect(code).toBe(1);
    expect(err).toMatch(/^error: .*ae\.pt is a Python pickle.*python -c "import sys, torch;.*\n$/);
    expect(existsSync(out)).toBe(false);
  });

  test('refuse what SAELens has no place for, folders in use and paths where nothing is', async () => {
    const refusals: [string, Flags, 1 | 2, RegExp][] = [
      ['export', { sae: crosscoder, out: fresh() }, 2, /no architecture for a crosscoder/],
      ['export', { sae, out: sae }, 1, /is not empty; choose a new or an empty folder/],
      ['export', { sae, out: join(sae, 'cfg.json') }, 1, /is a file; choose/],
      ['export', { sae, out: join(sae, 'cfg.json', 'x') }, 1, /cannot write .*; choose/],
      ['export', { sae, out: fresh(), format: 'gguf' }, 2, /must be one of saelens/],
      [
        'import',
        { sae: join(root, 'nowhere'), out: fresh() },
        1,
        /nowhere cannot be read \(ENOENT\)/,
      ],
      ['import', { sae }, 2, /--out/],
    ];
    for (const [command, flags, code, says] of refusals) {
      const before = hashesIn(root);
      const refused = await run(command, flags);
      expect([refused.code, refused.out]).toEqual([code, '']);
      expect(refused.err).toMatch(says);
      expect(refused.err).toMatch(/^error: /);
      expect(hashesIn(root)).toEqual(before);
    }
  });
});
