import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startDashboard } from '../src/server/start-dashboard.ts';
import type { Dashboard } from '../src/server/start-dashboard.ts';
import { openEvents } from './open-events.ts';
import { beginRun, temporaryFolder } from './write-run.ts';

const PAGES = 20;
const PER_SECOND = 200;
const SECONDS = 3;

let root: string;
let dashboard: Dashboard;

beforeAll(async () => {
  root = await temporaryFolder();
  dashboard = await startDashboard({ folder: root });
});

afterAll(() => dashboard.close());

test('20 pages that follow a run writing 200 events a second lose none, though half of them are cut off', async () => {
  const run = await beginRun(root, 'fast');
  const total = PER_SECOND * SECONDS;
  const pages = Array.from({ length: PAGES }, (_, page) => follow(page, total));
  const started = performance.now();
  for (let i = 0; i < total; i++) {
    const due = started + (1000 * i) / PER_SECOND;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
    run.append({ type: 'finding', stage: 'capture', text: `${i}` });
  }
  const expected = Array.from({ length: total }, (_, i) => `${i}`);
  for (const seen of await Promise.all(pages)) expect(seen).toEqual(expected);
  await run.close();
}, 60_000);

/** Findings that a page sees; every second page loses its connection once and goes on after the last event that it has. */
async function follow(page: number, total: number): Promise<string[]> {
  const url = `${dashboard.url}api/runs/fast/events?from=0`;
  let stream = await openEvents(url);
  let cut = page % 2 === 1;
  const seen: string[] = [];
  while (seen.length < total) {
    const { data, id } = await stream.next();
    const { type, text } = data as { type?: string; text?: string };
    if (type === 'finding' && text !== undefined) seen.push(text);
    if (cut && seen.length === 100 + page) {
      cut = false;
      stream.close();
      stream = await openEvents(url, { 'Last-Event-ID': id });
    }
  }
  stream.close();
  return seen;
}
