import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { runCli } from './support/run-cli.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/** Starts the dashboard; gives its address once printed, and its end. */
function startDashboard(args: readonly string[], signal: AbortSignal) {
  let printed: (url: string) => void = () => undefined;
  const url = new Promise<string>((resolve) => (printed = resolve));
  const ended = runCli(['dashboard', ...args], { signal, out: (text) => printed(text) });
  return { url: Promise.race([url, ended.then(({ err }) => `ended: ${err}`)]), ended };
}

test('feedprint dashboard prints its address on loopback, serves, and stops when it is asked to', async () => {
  const stop = new AbortController();
  const { url, ended } = startDashboard([temporaryFolder(), '--port', '0'], stop.signal);
  const address = await url;
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{32}\n$/);
  const response = await fetch(address.trim());
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  stop.abort();
  expect(await ended).toMatchObject({ code: 0, err: 'Press Ctrl+C to stop.\n' });
  await expect(fetch(address.trim())).rejects.toThrow();
});

test('feedprint dashboard says what is wrong with its folder and its port', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const onFile = await runCli(['dashboard', file, '--port', '0']);
  expect(onFile).toMatchObject({ code: 2, out: '' });
  expect(onFile.err).toMatch(/^error: .*is a file; give a folder/);
  const badPort = await runCli(['dashboard', temporaryFolder(), '--port', '65536']);
  expect(badPort).toMatchObject({ code: 2, out: '' });
  expect(badPort.err).not.toMatch(/\n\s+at |This is a bug/);
});
