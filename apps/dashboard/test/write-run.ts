import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { RunStore } from '@feedprint/core';
import { createRunStore } from '@feedprint/pipeline';

const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A new empty folder, removed after the tests of this file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'feedprint-dashboard-'));
  folders.push(folder);
  return folder;
}

/** A run that is being written: it has three stages and has begun the first. */
export async function beginRun(root: string, id: string): Promise<RunStore> {
  const store = await createRunStore({ folder: join(root, id), now: () => new Date() });
  store.append({ type: 'run-started', name: 'A demo', stages: ['capture', 'train', 'estimate'] });
  store.append({ type: 'stage-started', stage: 'capture' });
  return store;
}

/** Ends a run with a report. */
export async function finishRun(store: RunStore, report = '<h1>Report</h1>'): Promise<void> {
  for (const stage of ['capture', 'train', 'estimate']) {
    store.append({ type: 'stage-finished', stage, reused: false });
  }
  await store.publish('report.html', report);
  await store.publish('report.json', '{"schema":"feedprint-report/1"}');
  store.append({ type: 'run-finished' });
  await store.close();
}
