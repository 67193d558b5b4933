import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { run } from './run.mjs';

/** The last that runs on Node 20. It asks for node-fetch by a tag, which mirrors of npm do not always keep. */
const needed = {
  private: true,
  dependencies: { verdaccio: '6.1.6' },
  overrides: { 'node-fetch': '2.7.0' },
};

/** A port that nobody listens on. */
const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** Ours are published to it and come from nowhere else; everything else comes through it from the registry that npm is set to. */
const configuration = (folder, upstream) => `
storage: ${join(folder, 'storage')}
uplinks:
  upstream: { url: ${upstream}, timeout: 300s, max_fails: 20, cache: true }
packages:
  '@feedprint/*': { access: $all, publish: $all }
  feedprint: { access: $all, publish: $all }
  '**': { access: $all, proxy: upstream }
max_body_size: 100mb
log: { type: stdout, format: pretty, level: warn }
`;

/** Starts a registry on this machine; gives its address and what npm needs to speak to it, in a file. */
export async function startRegistry(folder) {
  mkdirSync(folder, { recursive: true });
  const upstream = run('npm', ['config', 'get', 'registry'], { cwd: folder })
    .trim()
    .split('\n')
    .at(-1);
  const file = join(folder, 'verdaccio.yaml');
  writeFileSync(file, configuration(folder, upstream));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  writeFileSync(join(folder, 'package.json'), JSON.stringify(needed));
  run('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder });
  const program = join(folder, 'node_modules/verdaccio/bin/verdaccio');
  const args = [program, '--config', file, '--listen', `127.0.0.1:${port}`];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 2, 2] });
  const npmrc = join(folder, 'npmrc');
  const lines = [
    `registry=${url}`,
    `//127.0.0.1:${port}/:_authToken=rehearsal`,
    `cache=${join(folder, 'cache')}`,
    'onnxruntime-node-install=skip', // Its GPU files are not part of the rehearsal.
    'audit=false',
    'fund=false',
    'update-notifier=false',
  ];
  writeFileSync(npmrc, lines.join('\n'));
  for (let tries = 0; tries < 60 && server.exitCode === null; tries++) {
    const answer = await fetch(`${url}-/ping`).catch(() => undefined);
    if (answer?.ok) return { url, npmrc, stop: () => server.kill() };
    await setTimeout(1000);
  }
  server.kill();
  throw new Error('the registry did not start within a minute');
}
