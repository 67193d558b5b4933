import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { startDashboard } from '../src/server/start-dashboard.ts';
import type { Dashboard } from '../src/server/start-dashboard.ts';
import { findChromium, flags, missing } from './find-chromium.ts';
import { beginRun, temporaryFolder } from './write-run.ts';

const TABS = 20;
const PER_SECOND = 200;
const SECONDS = 2;

const found = findChromium();
const inChromium = found === undefined && !process.env['CI'] ? test.skip : test;

let root: string;
let dashboard: Dashboard;
let browser: Browser | undefined;

beforeAll(async () => {
  root = await temporaryFolder();
  dashboard = await startDashboard({ folder: root });
});

afterAll(async () => {
  await browser?.close();
  await dashboard.close();
});

inChromium(
  `${TABS} tabs of one browser that watch a run writing ${PER_SECOND} events a second show every one of them${missing}`,
  async () => {
    if (found === undefined) throw new Error(`the tabs were not tested${missing}`);
    const run = await beginRun(root, 'fast');
    browser = await chromium.launch({ executablePath: found, args: flags, headless: true });
    const context = await browser.newContext();
    const tabs = await Promise.all(
      Array.from({ length: TABS }, async (): Promise<Page> => {
        const page = await context.newPage();
        await page.goto(`${dashboard.url}runs/fast`);
        await page.getByRole('heading', { name: 'Stages' }).waitFor();
        return page;
      }),
    );
    const total = PER_SECOND * SECONDS;
    const started = performance.now();
    for (let i = 0; i < total; i++) {
      const wait = started + (1000 * i) / PER_SECOND - performance.now();
      if (wait > 0) await new Promise((done) => setTimeout(done, wait));
      run.append({ type: 'finding', stage: 'capture', text: `${i}` });
    }
    const expected = Array.from({ length: total }, (_, i) => `${i}`);
    const read = async (page: Page): Promise<string[]> => {
      await page.waitForFunction(
        (count) => document.querySelectorAll('.findings li').length >= count,
        total,
        { timeout: 60_000, polling: 100 },
      );
      return page.locator('.findings li > bdi').allTextContents();
    };
    for (const seen of await Promise.all(tabs.map(read))) expect(seen).toEqual(expected);
    await run.close();
  },
  120_000,
);
