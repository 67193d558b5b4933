import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { apiErrorSchema } from '../src/api/responses.ts';
import { startDashboard } from '../src/server/start-dashboard.ts';
import type { Dashboard } from '../src/server/start-dashboard.ts';
import { beginRun, temporaryFolder } from './write-run.ts';

let root: string;
let dashboard: Dashboard;
const continued: unknown[] = [];

beforeAll(async () => {
  root = await temporaryFolder();
  const continueRun = async (run: unknown): Promise<void> => void continued.push(run);
  dashboard = await startDashboard({ folder: root, pollMilliseconds: 20, continueRun });
});

afterAll(() => dashboard.close());

async function post(path: string, headers: Record<string, string>, body: unknown = {}) {
  const response = await fetch(`${dashboard.url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const said: unknown = await response.json();
  return { status: response.status, code: apiErrorSchema.safeParse(said).data?.error.code };
}

const mine = (): Record<string, string> => ({ 'X-Feedprint-Token': dashboard.token });

describe('stopping and continuing', () => {
  test('need the token that was printed at the start', async () => {
    await (await beginRun(root, 'guarded')).close();
    for (const path of ['stop', 'continue', 'playground/read', 'playground/continue']) {
      for (const headers of [{}, { 'X-Feedprint-Token': `${dashboard.token}x` }]) {
        const { status, code } = await post(`api/runs/guarded/${path}`, headers);
        expect({ path, status, code }).toEqual({ path, status: 403, code: 'token-refused' });
      }
    }
    expect(dashboard.ownUrl).toBe(`${dashboard.url}#token=${dashboard.token}`);
    expect(dashboard.token.length).toBeGreaterThanOrEqual(32);
  });

  test('are refused to other sites that have the token', async () => {
    const headers = { ...mine(), 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors' };
    expect(await post('api/runs/guarded/stop', headers)).toMatchObject({ status: 403 });
  });

  test('asks the process that writes the run to stop', async () => {
    const folder = join(root, 'written');
    const writer = spawn(process.execPath, ['--input-type=module', '--eval', writing(folder)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(writer.stdout, 'data');
    const ended = once(writer, 'exit');
    expect(await post('api/runs/written/stop', mine())).toEqual({ status: 200, code: undefined });
    expect((await ended)[1]).toBe('SIGTERM');
  });

  test('stops no process that a lock only names', async () => {
    await (await beginRun(root, 'forged')).close();
    const bystander = spawn(process.execPath, ['--eval', 'setTimeout(() => {}, 60_000)']);
    await once(bystander, 'spawn');
    const lock = JSON.stringify({ pid: bystander.pid, host: hostname() });
    await writeFile(join(root, 'forged', 'run.lock'), lock);
    expect(await post('api/runs/forged/stop', mine())).toMatchObject({ status: 409 });
    expect(bystander.exitCode).toBeNull();
    expect(bystander.signalCode).toBeNull();
    bystander.kill();
    await once(bystander, 'exit');
  });

  test('continues a stopped run by the command that its report states', async () => {
    const run = await beginRun(root, 'stopped');
    const command = 'feedprint audit --out runs/stopped';
    const report = {
      answer: { sentence: 'Nothing.' },
      models: { base: 'a', tuned: 'b' },
      command,
    };
    await run.publish('report.json', JSON.stringify(report));
    expect(await post('api/runs/stopped/continue', mine())).toMatchObject({ status: 409 });
    await run.close();
    expect(await post('api/runs/stopped/continue', mine())).toMatchObject({ status: 200 });
    expect(continued).toEqual([{ folder: join(root, 'stopped'), command }]);
    expect(await post('api/runs/guarded/continue', mine())).toMatchObject({ status: 409 });
  });
});

/** A program that writes a run until it is stopped. */
const writing = (folder: string): string => `
  import { createRunStore } from '@feedprint/pipeline';
  const run = await createRunStore({ folder: ${JSON.stringify(folder)}, now: () => new Date() });
  run.append({ type: 'run-started', name: 'written', stages: [] });
  console.log('ready');
  setInterval(() => {}, 1000);`;
