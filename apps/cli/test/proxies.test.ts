import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { resolveModel } from '@feedprint/activations';
import { startChatServer } from '@feedprint/core/testing';
import { createFetch } from '../src/proxy-fetch.ts';
import { proxyServer } from './support/proxy-server.ts';
import { runCli } from './support/run-cli.ts';
import type { Captured } from './support/run-cli.ts';
import { runProgram } from './support/run-program.ts';
import { commandLine } from './support/sae-args.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const root = temporaryFolder();
const texts = join(root, 'texts.jsonl');
writeFileSync(texts, '{"text":"A good film."}\n');

const commit = 'a'.repeat(40);
const files: Readonly<Record<string, string>> = {
  'config.json': '{}',
  'tokenizer.json': '{}',
  'model.safetensors': 'weights',
};
const gitHash = (text: string): string =>
  createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');

/** The hosts chat.invalid and hub.invalid, which are nowhere but behind the proxy. */
const proxy = proxyServer(({ hostname, pathname }, { headers }, response) => {
  const list = Object.entries(files).map(([path, text]) => ({
    ...{ type: 'file', path, size: text.length, oid: gitHash(text) },
  }));
  const [, path = ''] = /^\/org\/tiny\/resolve\/a+\/(.+)$/.exec(pathname) ?? [];
  const json = (value: unknown): void => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(value));
  };
  if (hostname === 'chat.invalid') {
    json({ choices: [{ message: { role: 'assistant', content: '{"score": 4}' } }] });
  } else if (hostname === 'hub.invalid' && files[path] !== undefined) {
    const text = files[path];
    response.setHeader('etag', `"${gitHash(text)}"`);
    if (headers.range === 'bytes=0-0') {
      response.writeHead(206, { 'content-range': `bytes 0-0/${text.length}` });
      response.end(text[0]);
    } else response.end(text);
  } else if (hostname === 'hub.invalid' && pathname.startsWith('/api/models/org/tiny')) {
    json(pathname.includes('/tree/') ? list : { id: 'org/tiny', _id: '1', sha: commit });
  } else {
    response.writeHead(404).end();
  }
});

const judge = (url: string, env: Readonly<Record<string, string>>): Promise<Captured> =>
  runCli(
    commandLine('feedback score', {
      ...{ texts, signal: 'judge', 'judge-model': 'm', 'judge-url': url, json: true },
    }),
    { env: { OPENAI_API_KEY: 'k-1', ...env } },
  );

describe('a chat server', () => {
  test.each(['HTTP_PROXY', 'http_proxy'])('is asked through %s', async (name) => {
    const { out, err } = await judge('http://chat.invalid/v1', {
      [name]: `http://user:pass@${proxy.address}`,
    });
    expect([out, err]).toEqual(['{"score":4}\n', 'read 1 text; layout jsonl, column text\n']);
    expect(proxy.asked).toEqual(['POST http://chat.invalid/v1/chat/completions']);
    expect(proxy.credentials).toEqual([`Basic ${Buffer.from('user:pass').toString('base64')}`]);
  });

  test('is asked through a proxy without a scheme', async () => {
    const { out } = await judge('http://chat.invalid/v1', { HTTP_PROXY: proxy.address });
    expect(out).toBe('{"score":4}\n');
  });

  test.each(['HTTPS_PROXY', 'https_proxy'])(
    'over https is asked in a tunnel through %s, whose refusal is told',
    async (name) => {
      const asking = createFetch({ [name]: proxy.address })('https://chat.invalid/v1');
      const cause = { code: 'PROXY_ANSWERED_403', message: 'the proxy answered with status 403' };
      await expect(asking).rejects.toMatchObject({ cause });
      expect(proxy.asked).toEqual(['CONNECT chat.invalid:443']);
    },
  );

  test.each(['NO_PROXY', 'no_proxy'])('that %s names is asked directly', async (name) => {
    const server = await startChatServer(() => '{"score": 3}');
    const env = { HTTP_PROXY: proxy.address, [name]: 'example.org, 127.0.0.1' };
    const direct = await judge(server.baseURL, env);
    expect(direct.out).toBe('{"score":3}\n');
    expect(server.seen).toHaveLength(1);
    await server.close();
    expect(proxy.asked).toEqual([]);
    await judge('http://chat.invalid/v1', env);
    expect(proxy.asked).toHaveLength(1);
  });

  test.each(['socks5://proxy.invalid:1080', 'http://'])(
    'is not asked where the proxy is %s, whose password is not shown',
    async (address) => {
      const { code, err } = await judge('http://chat.invalid/v1', {
        https_proxy: address.replace('//', '//user:secret@'),
      });
      expect(code).toBe(2);
      expect(err).toMatch(/environment variable https_proxy holds no address of an http or https/);
      expect(err).not.toMatch(/secret/);
    },
  );
});

describe('the hub', () => {
  test('gives its files through a proxy', async () => {
    const folder = await resolveModel('org/tiny', {
      cacheDir: join(root, 'cache'),
      hubUrl: 'http://hub.invalid',
      environment: {},
      fetch: createFetch({ HTTP_PROXY: proxy.address }),
    });
    expect(readFileSync(join(folder, 'model.safetensors'), 'utf8')).toBe('weights');
    expect(proxy.asked.length).toBeGreaterThan(4);
    expect(proxy.asked.every((line) => line.includes(' http://hub.invalid/'))).toBe(true);
  });

  test('is asked by the program through the proxy of its environment', async () => {
    const { err } = await runProgram(['inspect', '--model', 'org/absent', '--ids', '1'], {
      env: {
        HF_ENDPOINT: 'http://hub.invalid',
        HF_HUB_CACHE: join(root, 'other'),
        HF_TOKEN: '',
        http_proxy: proxy.address,
      },
    });
    expect(err).toMatch(/the hub has no model org\/absent/);
    expect(proxy.asked[0]).toMatch(/^GET http:\/\/hub\.invalid\/api\/models\/org\/absent/);
  }, 60_000);

  test('is not needed for a folder, whatever the proxy', async () => {
    const args = ['inspect', '--model', root, '--ids', '1'];
    const { err } = await runProgram(args, { env: { http_proxy: 'socks5://proxy.invalid' } });
    expect(err).not.toMatch(/proxy/);
  }, 60_000);
});

test('without a proxy, fetch is Node’s own', () => {
  expect(createFetch({ HTTP_PROXY: '', https_proxy: ' ', NO_PROXY: '*' })).toBe(fetch);
});
