import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { FeedprintError, writeSafetensors } from '@feedprint/core';
import { openCheckpoint } from '../../src/checkpoint/checkpoint.ts';
import { resolveModel } from '../../src/checkpoint/hub.ts';
import type { HubOptions } from '../../src/checkpoint/hub-options.ts';
import { loadModel, parameterDivergence } from '../../src/index.ts';
import { hubServer } from '../support/hub-server.ts';
import { temporaryFolder, writeTinyCheckpoint } from '../support/tiny-checkpoint.ts';

const commit = 'a'.repeat(39) + '1';
const tiny = writeTinyCheckpoint();
const text = (name: string): string => readFileSync(join(tiny, name), 'latin1');
const small = { 'config.json': text('config.json'), 'tokenizer.json': text('tokenizer.json') };
const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;
const index = JSON.stringify({ weight_map: { a: shards[0], b: shards[1], c: shards[0] } });

const lora = temporaryFolder();
const dense = 'base_model.model.gpt_neox.layers.1.attention.dense';
writeSafetensors(join(lora, 'adapter_model.safetensors'), {
  [`${dense}.lora_A.weight`]: { shape: [1, 16], data: new Float32Array(16).fill(1) },
  [`${dense}.lora_B.weight`]: { shape: [16, 1], data: new Float32Array(16).fill(1) },
});

const hub = hubServer({
  'org/tiny': {
    commit,
    large: ['model.safetensors'],
    files: {
      ...small,
      'model.safetensors': 'weights',
      'chat_template.jinja': 'hello',
      'tokenizer_config.json': '{}',
      'pytorch_model.bin': 'pickle',
      'consolidated.safetensors': 'the same once more',
      'README.md': 'words',
    },
  },
  'org/shards': {
    commit,
    large: shards,
    files: {
      ...small,
      'model.safetensors.index.json': index,
      [shards[0]]: 'one',
      [shards[1]]: 'two',
    },
  },
  'org/adapter': {
    commit,
    files: {
      'adapter_config.json': '{}',
      'adapter_model.safetensors': 'lora',
      'adapter_model.bin': '',
    },
  },
  'org/whole': {
    commit,
    large: ['model.safetensors'],
    files: { ...small, 'model.safetensors': readFileSync(join(tiny, 'model.safetensors')) },
  },
  'org/lora': {
    commit,
    files: {
      'adapter_config.json': JSON.stringify({ peft_type: 'LORA', r: 1, lora_alpha: 1 }),
      'adapter_model.safetensors': readFileSync(join(lora, 'adapter_model.safetensors')),
    },
  },
  'org/gated': { commit, gated: true, files: { ...small, 'model.safetensors': 'x' } },
  'org/pickle': { commit, files: { ...small, 'pytorch_model.bin': 'pickle' } },
  'org/slow': {
    commit,
    files: { 'config.json': '{}', 'model.safetensors': 'x', 'vocab.txt': 'x' },
  },
});

let cacheDir = '';
beforeEach(() => {
  cacheDir = temporaryFolder();
  hub.sabotage = undefined;
  hub.tokens.clear();
  hub.requests();
});
const resolved = (name: string, options: HubOptions = {}): Promise<string> =>
  resolveModel(name, { cacheDir, hubUrl: hub.url, environment: {}, ...options });
const filesIn = (folder: string): string[] => readdirSync(folder).sort();

describe('a model named as on the hub', () => {
  test('is put into the cache as Hugging Face lays it out, and nothing that is not needed', async () => {
    const seen: string[] = [];
    const folder = await resolved('org/tiny', { onFile: ({ path }) => seen.push(path) });
    const root = join(cacheDir, 'models--org--tiny');
    expect(folder).toBe(join(root, 'snapshots', commit));
    const needed = ['chat_template.jinja', 'config.json', 'model.safetensors'];
    expect(filesIn(folder)).toEqual([...needed, 'tokenizer.json', 'tokenizer_config.json']);
    expect(seen.at(-1)).toBe('model.safetensors');
    expect(readFileSync(join(root, 'refs', 'main'), 'utf8')).toBe(commit);
    for (const name of filesIn(folder)) {
      expect(lstatSync(join(folder, name)).isSymbolicLink()).toBe(true);
      expect(readlinkSync(join(folder, name))).toMatch(/^\.\.\/\.\.\/blobs\/[0-9a-f]+$/);
    }
    expect(readFileSync(join(folder, 'model.safetensors'), 'utf8')).toBe('weights');
    expect(filesIn(join(root, 'blobs')).length).toBe(5);
  });

  test('in shards gets all that its index names', async () => {
    const folder = await resolved('org/shards');
    expect(filesIn(folder)).toEqual(expect.arrayContaining([...shards, 'config.json']));
    expect(readFileSync(join(folder, shards[1]), 'utf8')).toBe('two');
  });

  test('may be an adapter', async () => {
    const folder = await resolved('org/adapter');
    expect(filesIn(folder)).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
  });

  test('is loaded by its name, with an adapter by its own', async () => {
    const access = { cacheDir, hubUrl: hub.url, environment: {} };
    const options = { adapter: 'org/lora', hub: { ...access, revision: 'refs/pr/1' } };
    const [base, tuned] = [
      await loadModel('org/whole', { hub: access }),
      await loadModel('org/whole', options),
    ];
    expect([base.name, tuned.name]).toEqual(['org/whole', 'org/whole+org/lora']);
    expect(hub.requests()).toContain('/api/models/org/lora/revision/main');
    const folder = await loadModel(tiny);
    expect([...base.parameters()]).toEqual([...folder.parameters()]);
    // 256 weights that each grow by 1.
    expect(parameterDivergence(base, tuned).map(({ l2 }) => l2)).toEqual([0, 16]);
    for (const model of [base, tuned, folder]) await model.dispose();
    await expect(loadModel('org/none', { hub: access })).rejects.toThrow(
      /hub has no model org\/none/,
    );
  });

  test('is called so when it is opened', async () => {
    const folder = await resolved('org/tiny');
    rmSync(join(folder, 'model.safetensors'));
    copyFileSync(join(tiny, 'model.safetensors'), join(folder, 'model.safetensors'));
    const { name, close } = await openCheckpoint(folder);
    close();
    expect(name).toBe('org/tiny');
  });

  test('is asked for again by its branch, but not downloaded twice', async () => {
    const first = await resolved('org/tiny');
    hub.requests();
    expect(await resolved('org/tiny')).toBe(first);
    expect(hub.requests()).toEqual(['/api/models/org/tiny/revision/main']);
  });

  test('at a commit that the cache holds needs no hub', async () => {
    const first = await resolved('org/tiny', { revision: commit });
    hub.requests();
    expect(await resolved(`org/tiny@${commit}`)).toBe(first);
    expect(hub.requests()).toEqual([]);
  });

  test('at a pull request is remembered under it', async () => {
    await resolved('org/tiny@refs/pr/1');
    const reference = join(cacheDir, 'models--org--tiny', 'refs', 'refs', 'pr', '1');
    expect(readFileSync(reference, 'utf8')).toBe(commit);
    expect(await resolved('org/tiny', { revision: 'refs/pr/1', offline: true })).toContain(commit);
  });

  test('that exists as a folder is that folder', async () => {
    expect(await resolved(tiny)).toBe(tiny);
    expect(hub.requests()).toEqual([]);
  });
});

describe('the environment', () => {
  test('says where the cache and the hub are, and the token', async () => {
    const home = temporaryFolder();
    const environment = { HF_HOME: home, HF_ENDPOINT: `${hub.url}/`, HF_TOKEN: 'hf_secret' };
    const folder = await resolveModel('org/gated', { environment });
    expect(folder).toBe(join(home, 'hub', 'models--org--gated', 'snapshots', commit));
    expect([...hub.tokens]).toEqual(['Bearer hf_secret']);
    const other = temporaryFolder();
    const there = { ...environment, HF_HUB_CACHE: other };
    expect(await resolveModel('org/gated', { environment: there })).toContain(other);
  });

  test('can forbid the network', async () => {
    const environment = { HF_HUB_OFFLINE: '1' };
    await expect(resolved('org/tiny', { environment })).rejects.toThrow(
      /org\/tiny at main is not complete in the cache .*: the revision missing; load it once without/,
    );
    const folder = await resolved('org/tiny');
    hub.requests();
    expect(await resolved('org/tiny', { environment })).toBe(folder);
    rmSync(join(folder, 'model.safetensors'));
    await expect(resolved('org/tiny', { environment })).rejects.toThrow(
      /model\.safetensors missing/,
    );
    expect(hub.requests()).toEqual([]);
  });
});

describe('a download that breaks off', () => {
  const breaks: Readonly<Record<string, NonNullable<typeof hub.sabotage>>> = {
    'in the middle': (path, response) => {
      if (path !== 'model.safetensors') return false;
      response.writeHead(200, { 'content-length': 7 });
      response.write('wei', () => response.destroy());
      return true;
    },
    'too short': (path, response) => {
      if (path === 'model.safetensors') response.end('wei');
      return path === 'model.safetensors';
    },
    'with other bytes': (path, response) => {
      if (path === 'model.safetensors') response.end('WEIGHTS');
      return path === 'model.safetensors';
    },
    'with an error': (path, response) => {
      if (path !== 'model.safetensors') return false;
      response.writeHead(500).end();
      return true;
    },
  };

  test.each(Object.entries(breaks))(
    '%s leaves nothing that looks complete',
    async (_, sabotage) => {
      hub.sabotage = sabotage;
      await expect(resolved('org/tiny')).rejects.toMatchObject({ code: 'service-failed' });
      const root = join(cacheDir, 'models--org--tiny');
      expect(filesIn(join(root, 'blobs')).filter((name) => name.includes('incomplete'))).toEqual(
        [],
      );
      expect(existsSync(join(root, 'snapshots', commit, 'model.safetensors'))).toBe(false);
      expect(existsSync(join(root, 'refs', 'main'))).toBe(false);
      await expect(resolved('org/tiny', { offline: true })).rejects.toThrow(/missing/);
      hub.sabotage = undefined;
      hub.requests();
      const folder = await resolved('org/tiny');
      expect(readFileSync(join(folder, 'model.safetensors'), 'utf8')).toBe('weights');
      expect(hub.requests().filter((path) => path.endsWith('config.json'))).toEqual([]);
    },
  );

  test('of a commit whose folder is there in part is completed', async () => {
    mkdirSync(join(cacheDir, 'models--org--tiny', 'snapshots', commit), { recursive: true });
    const folder = await resolved(`org/tiny@${commit}`);
    expect(filesIn(folder)).toContain('model.safetensors');
  });
});

describe('what the hub does not give', () => {
  test.each<[string, string, string, RegExp, HubOptions?]>([
    [
      'a gated model',
      'org/gated',
      'service-failed',
      /refuses org\/gated \(401\).* then set HF_TOKEN/,
    ],
    [
      'a model that is not there',
      'org/none',
      'checkpoint-invalid',
      /has no model org\/none, and there is no folder/,
    ],
    ['a revision that is not there', 'org/tiny@v9', 'checkpoint-invalid', /org\/tiny at v9/],
    [
      'pickles',
      'org/pickle',
      'checkpoint-unsupported',
      /no model\.safetensors on the hub; choose a revision/,
    ],
    [
      'no tokenizer.json',
      'org/slow',
      'checkpoint-unsupported',
      /no tokenizer\.json on the hub; choose a copy/,
    ],
    ['a path', './org/../tiny', 'checkpoint-invalid', /neither a folder nor the name/],
    ['a name that leads out of the cache', 'org/..', 'checkpoint-invalid', /neither a folder/],
    [
      'a revision that leads out of the cache',
      'org/tiny@a/../../b',
      'checkpoint-invalid',
      /at a\/\.\.\/\.\.\/b is neither/,
    ],
    ['one word', 'gpt', 'checkpoint-invalid', /such as org\/name/],
    [
      'an address without a hub',
      'org/tiny',
      'service-failed',
      /could not be asked.*ECONNREFUSED.*--offline/,
      { hubUrl: 'http://127.0.0.1:2' },
    ],
  ])('%s is refused', async (_, name, code, message, options = {}) => {
    await expect(resolved(name, options)).rejects.toMatchObject({ name: 'FeedprintError', code });
    await expect(resolved(name, options)).rejects.toThrow(message);
  });

  test('is told without the token', async () => {
    const told = async (name: string, token: string): Promise<string> => {
      try {
        return await resolved(name, { token });
      } catch (error) {
        if (!FeedprintError.is(error)) throw error;
        return `${error.message} ${error.stack} ${String(error.cause)} ${JSON.stringify(error.cause)}`;
      }
    };
    for (const [name, token] of [
      ['org/none', 'hf_secret'],
      ['org/tiny', 'secret'],
      ['org/pickle', 'hf_secret'],
    ] as const) {
      expect(await told(name, token)).not.toContain('secret');
    }
    expect(await told('org/tiny', 'secret')).toContain('does not begin with hf_');
  });
});
