import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { startDashboard } from '../src/server/start-dashboard.ts';
import type { Dashboard } from '../src/server/start-dashboard.ts';
import { findChromium, flags, missing } from './find-chromium.ts';
import { writeAudit } from './write-audit.ts';
import { beginRun, temporaryFolder } from './write-run.ts';
import { writeTrajectory } from './write-trajectory.ts';

const found = findChromium();
const inChromium = found === undefined && !process.env['CI'] ? test.skip : test;

let root: string;
let dashboard: Dashboard;
let browser: Browser | undefined;

beforeAll(async () => {
  root = await temporaryFolder();
  dashboard = await startDashboard({ folder: root });
  for (const step of [10, 20]) await writeAudit(root, `tuning/audits/step-${step}`);
  await writeTrajectory(root, 'tuning/watch', { audits: '../audits' });
  const training = await beginRun(root, 'tuning/run');
  await training.publish('run.json', '{"format":"feedprint-finetune-run/1"}');
  await training.close();
});

afterAll(async () => {
  await browser?.close();
  await dashboard.close();
});

const copyOf = (id: string) =>
  fetch(`${dashboard.url}api/runs/${encodeURIComponent(id)}/export.html`);

/** Opens a copy from the disk. */
async function open(id: string): Promise<Page> {
  if (found === undefined) throw new Error(`the copy was not tested${missing}`);
  browser ??= await chromium.launch({ executablePath: found, args: flags, headless: true });
  const page = await browser.newPage();
  const file = join(await temporaryFolder(), 'copy.html');
  await writeFile(file, await (await copyOf(id)).text());
  await page.goto(pathToFileURL(file).href);
  return page;
}

/** Follows every link of a copy. Gives the views that they lead to, and whatever went wrong on the way. */
async function walk(page: Page) {
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(message.text());
  });
  page.on('request', (request) => wrong.push(request.url()));
  const seen = new Set<string>();
  const ahead = ['#/'];
  for (let hash = ahead.shift(); hash !== undefined; hash = ahead.shift()) {
    seen.add(decodeURIComponent(hash));
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
    await page.waitForFunction(() => !document.querySelector('.loading'));
    for (const text of await page.locator('.message.alert').allTextContents()) {
      wrong.push(`${hash}: ${text}`);
    }
    const links = await page
      .locator('a:not(.skip)')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    wrong.push(...links.filter((link) => !link.startsWith('#')));
    ahead.push(
      ...links.filter((link) => !seen.has(decodeURIComponent(link)) && !ahead.includes(link)),
    );
  }
  return { views: [...seen].sort(), wrong };
}

describe(`a static copy${missing}`, () => {
  inChromium(
    'of an audit has every view but those of the models, and says what it leaves out',
    async () => {
      const page = await open('tuning/audits/step-10');
      await page.getByText('A copy of tuning/audits/step-10').click();
      await page.getByText('The playground: a file has no models to ask.').waitFor();
      const { views, wrong } = await walk(page);
      expect(wrong).toEqual([]);
      const base = '#/runs/tuning/audits/step-10';
      for (const view of ['', '/audit', '/words', '/texts', '/texts/1', '/features']) {
        expect(views).toContain(base + view);
      }
      expect(views.filter((view) => view.startsWith(`${base}/features/`))).toHaveLength(8);
      expect(views.filter((view) => /playground|report/.test(view))).toEqual([]);
      await page.close();
    },
  );

  inChromium.each(['tuning/watch', 'tuning/run'])(
    'of %s shows what was learned when, the audits of its looks and two of them compared',
    async (id) => {
      const page = await open(id);
      await page.getByRole('heading', { name: 'What was learned when' }).waitFor();
      const { views, wrong } = await walk(page);
      expect(wrong).toEqual([]);
      expect(views).toContain(`#/runs/${id}/trajectory`);
      expect(views).toContain('#/runs/tuning/audits/step-10/audit');
      expect(views).toContain('#/runs/tuning/audits/step-20/audit');
      expect(views.filter((view) => view.startsWith('#/compare?'))).toHaveLength(1);
      await page.close();
    },
  );

  test('is refused of what has no findings', async () => {
    await (await beginRun(root, 'plain')).close();
    expect((await copyOf('plain')).status).toBe(404);
  });
});
