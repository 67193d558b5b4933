import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { featureSchema } from '../src/api/features.ts';
import { startDashboard } from '../src/server/start-dashboard.ts';
import type { Dashboard } from '../src/server/start-dashboard.ts';
import { findChromium, flags, missing } from './find-chromium.ts';
import { SITE, evidence, writeAudit } from './write-audit.ts';
import { beginRun, finishRun, temporaryFolder } from './write-run.ts';

const found = findChromium();
const inChromium = found === undefined && !process.env['CI'] ? test.skip : test;

const hostile = '<img src=x onerror="document.title=\'owned\'"> \u202Eevil';
const report = `<!doctype html><title>r</title><h1>The report</h1>
<script>
document.title = 'script ran';
const tried = (what, attempt) => { try { attempt(); document.body.append(what + ' worked; '); } catch { document.body.append(what + ' refused; '); } };
tried('parent', () => parent.document.title);
tried('storage', () => localStorage.length);
fetch('/api/runs').then(() => document.body.append('fetch worked; '), () => document.body.append('fetch refused; '));
</script>`;

let root: string;
let dashboard: Dashboard;
let browser: Browser;
let page: Page;
const complaints: string[] = [];
const pageErrors: string[] = [];

beforeAll(async () => {
  root = await temporaryFolder();
  dashboard = await startDashboard({ folder: root, pollMilliseconds: 50 });
  if (found === undefined) {
    if (process.env['CI']) throw new Error(`the page was not tested${missing}`);
    return;
  }
  browser = await chromium.launch({ executablePath: found, args: flags, headless: true });
  page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => pageErrors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
});

afterAll(async () => {
  await browser?.close();
  await dashboard.close();
});

/** Nothing hostile became an element or a script, and none is wider than the page. */
async function expectNothingOwned(): Promise<void> {
  expect(await page.title()).toMatch(/Feedprint$/);
  expect(await page.locator('img[src="x"]').count()).toBe(0);
  await page.setViewportSize({ width: 390, height: 900 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await page.setViewportSize({ width: 1280, height: 720 });
}

const statusOf = (stage: string, status: string): string =>
  `[data-stage="${stage}"][data-status="${status}"]`;

describe(`the page in Chromium${missing}`, () => {
  inChromium('shows a run from its first event to its report', async () => {
    await page.goto(dashboard.url);
    await page.getByText(/No runs in .* yet/).waitFor();

    const store = await beginRun(root, 'live');
    await page.getByRole('link', { name: 'live' }).waitFor();
    await page.getByText('Running', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'live' }).click();
    await page.waitForSelector(statusOf('capture', 'running'));
    await page.waitForSelector(statusOf('train', 'waiting'));

    const progress = {
      type: 'stage-progress',
      stage: 'capture',
      total: 2000,
      unit: 'tokens',
    } as const;
    store.append({ ...progress, done: 500 });
    await page.getByText('500 of 2,000 tokens').waitFor();
    const bar = page.getByRole('progressbar', { name: 'Progress of capture' });
    expect(await bar.getAttribute('aria-valuenow')).toBe('25');
    store.append({ ...progress, done: 1500 });
    await page.getByText(/1,500 of 2,000 tokens · .* tokens\/s · .* left/).waitFor();

    store.append({ type: 'stage-finished', stage: 'capture', reused: false });
    store.append({ type: 'stage-started', stage: 'train' });
    for (let step = 0; step < 50; step++) {
      const point = { type: 'metric', stage: 'train', step } as const;
      store.append({ ...point, name: 'mse', value: 1 / (step + 1) });
    }
    store.append({ type: 'finding', stage: 'train', text: hostile });
    await page.waitForSelector(statusOf('capture', 'finished'));
    await page.waitForSelector(statusOf('train', 'running'));
    await page.getByRole('img', { name: 'mse over steps' }).waitFor();
    await page.getByText('⟨U+202E⟩evil').waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);

    await finishRun(store, report);
    await page.waitForSelector(statusOf('estimate', 'finished'));
    await page.getByText('Finished', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Report' }).click();
    const frame = page.frameLocator('iframe.report');
    await frame.getByText('The report').waitFor();
    await frame.getByText('parent refused; storage refused; fetch refused;').waitFor();
    expect(await page.title()).toMatch(/Feedprint$/);
  });

  inChromium('shows runs that failed or were stopped, and what to do', async () => {
    const failing = await beginRun(root, 'failing');
    failing.append({ type: 'run-failed', code: 'numbers-invalid', message: 'mse is NaN; look' });
    await failing.close();
    await (await beginRun(root, 'stopped')).close();
    await page.goto(`${dashboard.url}runs/failing`);
    await page.getByText('mse is NaN; look').waitFor();
    await page.waitForSelector(statusOf('capture', 'interrupted'));
    await page.goto(`${dashboard.url}runs/stopped`);
    await page.getByText('Run the same command again').waitFor();
  });

  inChromium('follows a run that is started again', async () => {
    await (await beginRun(root, 'again')).close();
    await page.goto(`${dashboard.url}runs/again`);
    await page.getByText('No process is writing this run').waitFor();
    const store = await beginRun(root, 'again');
    await page.getByText('resumed, start 2').waitFor();
    await page.waitForSelector(statusOf('capture', 'running'));
    await store.close();
  });

  inChromium('says so when a run is unknown, and when the dashboard is gone', async () => {
    await page.goto(`${dashboard.url}runs/unknown`);
    await page.getByText('There is no such run.').waitFor();
    const other = await startDashboard({ folder: root });
    await page.goto(`${other.url}runs/again`);
    await page.getByRole('heading', { name: 'Stages' }).waitFor();
    await other.close();
    await page.getByText('Connection lost').waitFor();
  });

  inChromium('shows hostile folder names as text', async () => {
    const name = '<script>alert(1)<\u2215script>';
    await mkdir(join(root, name));
    const at = '2026-01-01T00:00:00.000Z';
    const started = { type: 'run-started', at, name: hostile, stages: ['"><b>x'] };
    await writeFile(join(root, name, 'events.jsonl'), `${JSON.stringify(started)}\n`);
    await page.goto(dashboard.url);
    await page.getByRole('link', { name }).click();
    await page.getByText('"><b>x').waitFor();
    expect(await page.title()).toMatch(/Feedprint$/);
  });

  inChromium('shows hostile tokens, labels, calls and trajectories as text', async () => {
    const folder = await writeAudit(root, 'texts');
    const tokens = [hostile, '</script><script>document.title="owned"</script>'];
    await writeFile(
      join(folder, 'stages', 'evidence-0a1b', 'evidence.json'),
      JSON.stringify([evidence(`${SITE}/1`, { tokens, activations: [1, 1e308] })]),
    );
    const call = { step: 'explain', asked: [{ role: 'user', content: hostile }], answer: hostile };
    await page.route('**/api/runs/texts/features/**', async (route) => {
      const response = await route.fetch();
      const found = featureSchema.parse(await response.json());
      const calls = [{ ...call, input: 1e308, output: -1 }];
      const json = { ...found, label: hostile, evidence: { ...found.evidence, calls } };
      await route.fulfill({ response, json });
    });
    await page.goto(`${dashboard.url}runs/texts/features/${SITE}/1`);
    await page.getByText('Where the label comes from').click();
    await page.getByText('It was asked to explain the feature').click();
    expect(await page.getByText('⟨U+202E⟩evil').count()).toBe(4); // Label, window, question, answer.
    await expectNothingOwned();

    const look = { step: 10, effect: 1e308, low: -1e308, high: 1e308, learned: true, chance: 0 };
    const item = { kind: 'word', name: hostile, inWords: hostile, beyond: true, first: 1, half: 1 };
    const run = await beginRun(root, 'trajectory');
    await run.publish('run.json', '{"format":"feedprint-trajectory-run/1"}');
    const trajectory = {
      ...{ schema: 'feedprint-trajectory/1', feedprint: '0', name: 't', base: hostile, steps: 10 },
      ...{ alpha: 0.05, labelsTell: false, items: [{ ...item, looks: [look] }], alarm: null },
      looks: [
        {
          ...{ step: 10, level: 0.01, audit: '../texts', sentence: hostile },
          ...{ difference: 1e308, wordsEffect: null },
        },
      ],
    };
    await run.publish('report.json', JSON.stringify(trajectory));
    await run.close();
    await page.goto(`${dashboard.url}runs/trajectory/trajectory`);
    await page.getByRole('heading', { name: 'What each look said' }).waitFor();
    await expectNothingOwned();
  });

  inChromium(
    'asks for nothing that the policies forbid, but for what the hostile report tried',
    () => {
      const refused = complaints.filter((text) => text.includes('Content Security Policy'));
      expect(refused.filter((text) => !text.includes('/api/runs'))).toEqual([]);
      expect(refused.length).toBeGreaterThan(0);
      expect(complaints.filter((text) => /attribute|NaN/.test(text))).toEqual([]);
      expect(pageErrors).toEqual([]);
    },
  );
});
