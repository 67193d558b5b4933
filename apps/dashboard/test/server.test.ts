import { appendFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer as createHttpServer, request } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRunStore } from '@feedprint/pipeline';
import { apiErrorSchema, runDetailSchema, runListSchema } from '../src/api/responses.ts';
import type { RunSummary } from '../src/api/responses.ts';
import { handleRequest } from '../src/server/http/handle-request.ts';
import { createModelDesk } from '../src/server/models/model-desk.ts';
import { createRunControl } from '../src/server/runs/run-control.ts';
import { createFolderIndex } from '../src/server/runs/run-folders.ts';
import { startDashboard } from '../src/server/start-dashboard.ts';
import type { Dashboard } from '../src/server/start-dashboard.ts';
import { openEvents } from './open-events.ts';
import { beginRun, finishRun, temporaryFolder } from './write-run.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

let root: string;
let dashboard: Dashboard;

/** A raw request: nothing tidies up its path or headers. */
function ask(
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { port } = new URL(dashboard.url);
  return new Promise((done, fail) => {
    const options = { host: '127.0.0.1', port, path, method, headers };
    const sent = request(options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => {
        done({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    sent.on('error', fail);
    sent.end();
  });
}

async function list(): Promise<readonly RunSummary[]> {
  return runListSchema.parse(JSON.parse((await ask('/api/runs')).body)).runs;
}

beforeAll(async () => {
  root = await temporaryFolder();
  dashboard = await startDashboard({ folder: root, pollMilliseconds: 20 });
});

afterAll(() => dashboard.close());

describe('GET /api/runs', () => {
  test('lists runs, latest first, each with what it is at', async () => {
    expect(await list()).toEqual([]);
    await finishRun(await beginRun(root, 'first'));
    await mkdir(join(root, 'no run'));
    const live = await beginRun(root, 'second');
    live.append({ type: 'stage-progress', stage: 'capture', done: 3, total: 9, unit: 'texts' });
    expect(await list()).toMatchObject([
      {
        id: 'second',
        name: 'A demo',
        status: 'running',
        current: { name: 'capture', done: 3 },
        stagesDone: 0,
        stagesTotal: 3,
        hasReport: false,
      },
      { id: 'first', status: 'finished', current: null, stagesDone: 3, hasReport: true },
    ]);
    await live.close();
    expect((await list())[0]).toMatchObject({ id: 'second', status: 'stopped' });
  });

  test('names what a run without a report works on', async () => {
    const store = await createRunStore({ folder: join(root, 'tuning'), now: () => new Date() });
    const worksOn = { model: 'tiny', data: 'pairs.jsonl' };
    store.append({ type: 'run-started', name: 'tuning', stages: ['train'], worksOn });
    await store.close();
    expect((await list()).find(({ id }) => id === 'tuning')).toMatchObject({ worksOn });
    expect((await list()).find(({ id }) => id === 'first')).toMatchObject({ worksOn: {} });
  });

  test('lists a run that was stopped by a signal as stopped, without a failure', async () => {
    const run = await beginRun(root, 'interrupted');
    run.append({ type: 'run-failed', code: 'cancelled', message: 'stopped in stage capture' });
    await run.close();
    expect((await list()).find(({ id }) => id === 'interrupted')).toMatchObject({
      status: 'stopped',
      failure: null,
    });
  });

  test('reads a log that was replaced from its start', async () => {
    const before = await beginRun(root, 'replaced');
    before.append({ type: 'run-failed', code: 'internal', message: 'no' });
    await before.close();
    expect((await list()).find(({ id }) => id === 'replaced')?.status).toBe('failed');
    await rm(join(root, 'replaced'), { recursive: true });
    const after = await beginRun(root, 'replaced');
    expect((await list()).find(({ id }) => id === 'replaced')?.status).toBe('running');
    await after.close();
  });

  test('counts no event twice when asked by many at once', async () => {
    const store = await beginRun(root, 'busy');
    for (let i = 0; i < 500; i++) store.append({ type: 'finding', stage: 'capture', text: `${i}` });
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('/api/runs/busy')));
    for (const { body } of answers) {
      expect(runDetailSchema.parse(JSON.parse(body)).state.findings).toHaveLength(500);
    }
    await store.close();
  });
});

describe('one run', () => {
  test('with absurd numbers in its log does no harm', async () => {
    const store = await beginRun(root, 'absurd');
    const progress = { type: 'stage-progress', stage: 'capture', unit: 'x' } as const;
    store.append({ ...progress, done: -1e308, total: 0 });
    await new Promise((done) => setTimeout(done, 5));
    store.append({ ...progress, done: 1e308, total: -5 });
    store.append({ type: 'metric', stage: '__proto__', name: '', step: -1e308, value: 1e308 });
    expect((await ask('/api/runs/absurd')).status).toBe(200);
    expect((await list()).some(({ id }) => id === 'absurd')).toBe(true);
    await store.close();
  });

  test('gives its state, its curves and its report', async () => {
    const store = await beginRun(root, 'ü "quoted" & 100%');
    store.append({ type: 'metric', stage: 'capture', name: 'mse', step: 1, value: 0.5 });
    await finishRun(store, '<h1>ü</h1>');
    const path = encodeURIComponent('ü "quoted" & 100%');
    const answer = await ask(`/api/runs/${path}`);
    expect(answer.headers['content-type']).toBe('application/json');
    const detail = runDetailSchema.parse(JSON.parse(answer.body));
    expect(detail).toMatchObject({ id: 'ü "quoted" & 100%', writing: false, hasReport: true });
    expect(detail.state.curves[0]?.last).toEqual([1, 0.5]);

    const report = await ask(`/runs/${path}/report.html`);
    expect(report).toMatchObject({ status: 200, body: '<h1>ü</h1>' });
    const policy = String(report.headers['content-security-policy']);
    expect(policy).toContain('sandbox allow-scripts;');
    expect(policy).not.toContain('allow-same-origin');
    expect(policy).toContain("default-src 'none'");
    expect(JSON.parse((await ask(`/runs/${path}/report.json`)).body)).toEqual({
      schema: 'feedprint-report/1',
    });
    expect((await ask(`/runs/${path}`)).body).toContain('<div id="root">');
  });

  test('served alone when the folder is a run itself', async () => {
    await finishRun(await beginRun(root, 'alone'));
    const other = await startDashboard({ folder: join(root, 'alone') });
    const body: unknown = await (await fetch(`${other.url}api/runs`)).json();
    expect(runListSchema.parse(body).runs.map(({ id }) => id)).toEqual(['alone']);
    expect((await fetch(`${other.url}runs/alone/report.html`)).status).toBe(200);
    await other.close();
  });
});

describe('GET /api/runs/:id/events', () => {
  test('sends what was, then what comes, and goes on after Last-Event-ID', async () => {
    const store = await beginRun(root, 'tailed');
    const stream = await openEvents(`${dashboard.url}api/runs/tailed/events`);
    expect((await stream.next()).data).toMatchObject({ type: 'run-started' });
    const second = await stream.next();
    expect(second.data).toMatchObject({ type: 'stage-started' });
    expect(await stream.next()).toMatchObject({
      event: 'status',
      data: { writing: true, hasReport: false },
    });
    store.append({ type: 'finding', stage: 'capture', text: 'line\nbreak\r\n\n and \u2028' });
    const third = await stream.next();
    expect(third.data).toMatchObject({ text: 'line\nbreak\r\n\n and \u2028' });
    stream.close();

    store.append({ type: 'stage-finished', stage: 'capture', reused: false });
    const headers = { 'Last-Event-ID': second.id };
    const again = await openEvents(`${dashboard.url}api/runs/tailed/events?from=0`, headers);
    expect((await again.next()).id).toBe(third.id);
    expect((await again.next()).data).toMatchObject({ type: 'stage-finished' });
    expect((await again.next()).event).toBe('status');
    await finishRun(store);
    const wanted = JSON.stringify({ writing: false, hasReport: true });
    const seen: string[] = [];
    while (seen.at(-1) !== wanted) seen.push(JSON.stringify((await again.next()).data));
    expect(seen.filter((data) => data.includes('"run-finished"'))).toHaveLength(1);
    again.close();
  });

  test('waits for the end of a line that is being written', async () => {
    await (await beginRun(root, 'torn')).close();
    const log = join(root, 'torn', 'events.jsonl');
    const stream = await openEvents(`${dashboard.url}api/runs/torn/events`);
    for (let i = 0; i < 3; i++) await stream.next();
    await appendFile(log, '{"type":"run-finished",');
    await appendFile(log, '"at":"2026-01-01T00:00:00.000Z"}\n');
    expect((await stream.next()).data).toMatchObject({ type: 'run-finished' });
    stream.close();
  });

  test('tells the client to start anew when the run is another one', async () => {
    await (await beginRun(root, 'gone')).close();
    const stream = await openEvents(`${dashboard.url}api/runs/gone/events`);
    for (let i = 0; i < 3; i++) await stream.next();
    await rm(join(root, 'gone'), { recursive: true });
    expect((await stream.next()).event).toBe('restart');
    stream.close();
  });

  test('refuses a position that is none', async () => {
    await (await beginRun(root, 'position')).close();
    for (const from of ['-1', '1.5', 'x', '1e300']) {
      expect((await ask(`/api/runs/position/events?from=${from}`)).status).toBe(400);
    }
  });
});

describe('what is not served', () => {
  test('nothing outside the runs, however it is spelled', async () => {
    await finishRun(await beginRun(root, 'inside'));
    await writeFile(join(root, 'secret.txt'), 'secret');
    const paths = [
      '/runs/../secret.txt',
      '/runs/%2e%2e/report.html',
      '/runs/..%2f..%2fetc%2fpasswd/report.html',
      '/runs/inside%2f..%2f../report.html',
      '/runs/inside/../../secret.txt',
      '/runs/inside/events.jsonl',
      '/runs/inside/report.html/../events.jsonl',
      '/runs/inside%00/report.html',
      '/runs/%E0%A4%A/report.html',
      '/api/runs/%2e%2e',
      '/api/runs/__proto__',
      '/api/runs/inside/report.html',
      '/assets/../index.html/../../server/index.js',
      '/../package.json',
      '//etc/passwd',
      '/secret.txt',
    ];
    for (const path of paths) {
      const { status, body } = await ask(path);
      expect({ path, status }).toEqual({ path, status: 404 });
      expect(apiErrorSchema.parse(JSON.parse(body)).error.code).toBe('not-found');
    }
    expect((await ask('http://[/')).status).toBe(400);
  });

  test('no link to elsewhere: neither a run, nor its log, nor its report', async () => {
    const outside = await temporaryFolder();
    await finishRun(await beginRun(outside, 'private'));
    await symlink(join(outside, 'private'), join(root, 'linked'));
    await mkdir(join(root, 'half-linked'));
    await symlink(join(outside, 'private', 'events.jsonl'), join(root, 'half-linked/events.jsonl'));
    await (await beginRun(root, 'linked-report')).close();
    const report = join(root, 'linked-report', 'report.html');
    await symlink(join(outside, 'private', 'report.html'), report);
    expect((await list()).map(({ id }) => id)).not.toContain('linked');
    expect((await list()).map(({ id }) => id)).not.toContain('half-linked');
    expect((await ask('/api/runs/linked')).status).toBe(404);
    expect((await ask('/runs/linked/report.html')).status).toBe(404);
    expect((await ask('/api/runs/half-linked')).status).toBe(404);
    expect((await ask('/runs/linked-report/report.html')).status).toBe(404);
  });

  test('nothing to other names for this machine, other sites or other methods', async () => {
    const { port } = new URL(dashboard.url);
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `[::1]:${port}`]) {
      expect((await ask('/api/runs', { headers: { host } })).status).toBe(403);
    }
    expect((await ask('/api/runs', { headers: { host: `localhost:${port}` } })).status).toBe(200);
    for (const site of ['cross-site', 'same-site']) {
      const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' };
      expect((await ask('/api/runs', { headers })).status).toBe(403);
    }
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const { status, headers } = await ask('/api/runs', { method });
      const allow = 'GET, HEAD, POST';
      expect({ status, allow: headers['allow'] }).toEqual({ status: 405, allow });
    }
    const answer = await ask('/api/runs', { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(Number(answer.headers['content-length'])).toBeGreaterThan(0);
  });

  test('no script of others: every answer forbids sniffing and foreign content', async () => {
    for (const path of ['/', '/api/runs', '/nothing', '/icon.svg']) {
      const { headers } = await ask(path);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  test('no word about the machine when something breaks', async () => {
    const errors: unknown[] = [];
    const failure = new Error('/home/someone/secret');
    const fail = (): Promise<never> => Promise.reject(failure);
    await (await beginRun(root, 'broken')).close();
    const server = createHttpServer((request, response) => {
      const { port } = server.address() as AddressInfo;
      const reader = { detail: fail, summary: fail, live: fail };
      const onError = (error: unknown): void => void errors.push(error);
      const context = {
        ...{ name: 'runs', port, token: 'secret', pollMilliseconds: 20, reader, onError },
        folders: createFolderIndex(root),
        control: createRunControl(),
        models: createModelDesk(),
        files: new Map(),
      };
      void handleRequest(context, request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/api/runs/broken`);
    expect(response.status).toBe(500);
    const expected = { error: { code: 'internal', message: 'Something went wrong.' } };
    expect(await response.json()).toEqual(expected);
    expect(errors).toEqual([failure]);
    server.close();
  });
});

describe('startDashboard', () => {
  test('listens on the loopback interface only', () => {
    expect(new URL(dashboard.url).hostname).toBe('127.0.0.1');
  });

  test('says that a port is taken, and that a file is no folder', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await expect(startDashboard({ folder: root, port })).rejects.toMatchObject({ code: 'usage' });
    taken.close();
    const file = join(root, 'secret.txt');
    await writeFile(file, '');
    await expect(startDashboard({ folder: file })).rejects.toMatchObject({ code: 'usage' });
  });

  test('waits for a folder that is not there yet', async () => {
    const folder = join(await temporaryFolder(), 'runs');
    const other = await startDashboard({ folder });
    const read = async (): Promise<unknown> => (await fetch(`${other.url}api/runs`)).json();
    expect(await read()).toEqual({ folder: 'runs', runs: [] });
    await finishRun(await beginRun(folder, 'later'));
    expect(runListSchema.parse(await read()).runs).toHaveLength(1);
    await other.close();
  });

  test('ends open streams when it is closed', async () => {
    const folder = await temporaryFolder();
    await (await beginRun(folder, 'open')).close();
    const other = await startDashboard({ folder, pollMilliseconds: 20 });
    const stream = await openEvents(`${other.url}api/runs/open/events`);
    await stream.next();
    await other.close();
    await expect(fetch(`${other.url}api/runs`)).rejects.toThrow('fetch failed');
    stream.close();
  });
});
