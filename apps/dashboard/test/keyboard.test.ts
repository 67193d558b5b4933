import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { startDashboard } from '../src/server/start-dashboard.ts';
import type { Dashboard } from '../src/server/start-dashboard.ts';
import { findChromium, flags, missing } from './find-chromium.ts';
import { interactive, tabStops } from './tab-stops.ts';
import { SITE, tokenColumns, writeAudit, writeTable } from './write-audit.ts';
import { beginRun, finishRun, temporaryFolder } from './write-run.ts';
import { writeTrajectory } from './write-trajectory.ts';

const found = findChromium();
const inChromium = found === undefined && !process.env['CI'] ? test.skip : test;

const TEXTS = 3000;
let dashboard: Dashboard;
let browser: Browser;
let page: Page;

const column = { effect: 1, low: 0.5, high: 1.5 };
/** Words and properties besides what the run has. */
const shown = {
  words: ['bad', 'good'].map((word, token) => ({
    ...{ word, token, stated: token, estimate: 1, low: 0.5, high: 1.5, n: 9, score: 2, q: 0.01 },
    ...{ power: null, flagged: token === 0 },
  })),
  properties: ['lists', 'hedges'].map((name) => ({
    ...{ name, definition: 'What is counted.', verdict: 'learned', flagged: name === 'lists' },
    ...{ told: null, inData: column, learned: column, behaves: null, causes: null, placebo: 0.2 },
  })),
  figures: [
    {
      ...{ title: 'Tokens that were read', place: 'texts.tokens', value: 6, interval: null, n: 3 },
      ...{ of: 'texts', sql: 'SELECT 1', table: 'figures' },
    },
  ],
};
const pairs = {
  ...{ name: 'lists', definition: 'What is counted.', verdict: 'learned', inData: 1, learned: 1 },
  pairs: [],
};
const layers = {
  ...{ divergence: [{ layer: 0, l2: 1, relativeL2: 1, kept: true }], sites: [], places: [] },
  saes: [{ model: 'tuned', site: SITE, dSae: 8, kind: 'topk', fvu: 0.1, l0: 2, alive: 1 }],
  matching: [],
};
const token = { stated: null, base: -1, tuned: -2, features: [] };
const answer = {
  tokens: ['The', ' film', ' was'].map((text) => ({ ...token, text })),
  ...{ next: [{ text: ' good', base: 0.1, tuned: 0.2 }], truncated: false, canSteer: true },
};

beforeAll(async () => {
  const root = await temporaryFolder();
  dashboard = await startDashboard({ folder: root });
  if (found === undefined) return;
  const folder = await writeAudit(root, 'audit');
  for (const table of ['properties', 'divergence']) {
    await writeTable(folder, table, { any: 'INTEGER' }, []);
  }
  const rows = Array.from({ length: 3 * TEXTS }, (_, i) => {
    const base = i % 3 === 0 ? null : -1;
    return { text: Math.floor(i / 3), position: i % 3, token: 10 + (i % 3), base, tuned: base };
  });
  await writeTable(folder, 'tokens', tokenColumns, rows);
  await writeTrajectory(root, 'trajectory');
  await writeAudit(root, 'trajectory/audits/step-10');
  await finishRun(await beginRun(root, 'other'), '<h1 id="x">Report</h1><a href="#x">Up</a>');
  browser = await chromium.launch({ executablePath: found, args: flags, headless: true });
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(30_000);
  const at = `${dashboard.url}api/runs/audit`;
  /** Answers as the server does, with more in it. */
  const withMore = (path: string, more: object): Promise<unknown> =>
    page.route(`${at}/${path}`, async (route) => {
      const response = await route.fetch();
      const own = z.looseObject({}).parse(await response.json());
      await route.fulfill({ response, json: { ...own, ...more } });
    });
  await withMore('audit', shown);
  await withMore('layers', layers);
  await page.route(`${at}/replies/lists`, (route) => route.fulfill({ json: pairs }));
  await page.route(`${at}/playground/read`, (route) => route.fulfill({ json: answer }));
  await page.goto(dashboard.ownUrl);
});

afterAll(async () => {
  await browser?.close();
  await dashboard.close();
});

async function open(path: string): Promise<void> {
  await page.goto(dashboard.url + path);
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.loading'));
}

const focused = (): Promise<string> =>
  page.evaluate(() => document.activeElement?.textContent ?? '');

describe(`the keyboard${missing}`, () => {
  inChromium.each([
    '',
    'runs/audit',
    'runs/audit/audit',
    'runs/audit/replies',
    'runs/audit/replies/lists',
    'runs/audit/words',
    'runs/audit/texts',
    'runs/audit/texts/1',
    'runs/audit/layers',
    'runs/audit/features',
    `runs/audit/features/${SITE}/1`,
    'runs/audit/playground',
    'runs/other/report',
    'runs/trajectory/trajectory',
    'compare',
    'compare?run=audit&run=other',
    'runs/unknown',
  ])(
    'comes to everything on /%s, in the order in which it is read, and sees where it is',
    async (path) => {
      await page.goto(dashboard.url + path);
      if (path !== 'runs/unknown') await open(path);
      else await page.getByRole('alert').waitFor();
      const alerts = await page.getByRole('alert').count();
      expect(alerts).toBe(path === 'runs/unknown' ? 1 : 0);
      const wanted = await interactive(page);
      const stops = await tabStops(page, wanted.length);
      const names = stops.map(({ name }) => name);
      expect(names).toEqual(wanted);
      expect(stops.filter(({ isSeen }) => !isSeen).map(({ name }) => name)).toEqual([]);
      const places = stops.map(({ place }) => place);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      await page.evaluate(
        (place) => {
          const all = document.querySelectorAll('*');
          if (all[place] instanceof HTMLElement) all[place].focus();
        },
        places.at(-1) ?? 0,
      );
      const back = await tabStops(page, names.length - 1, 'Shift+Tab');
      expect(back.map(({ name }) => name)).toEqual(names.slice(0, -1).toReversed());
    },
  );

  inChromium('goes into the report', async () => {
    await open('runs/other/report');
    await page.getByRole('link', { name: 'The numbers' }).focus();
    await page.keyboard.press('Tab');
    const inFrame = page.frameLocator('iframe.report').locator('a:focus');
    expect(await inFrame.textContent()).toBe('Up');
  });

  inChromium('skips to the content', async () => {
    await open('runs/audit/words');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Overview');
  });

  inChromium('opens runs and views, and is where it was or at the content', async () => {
    await open('');
    await page.getByRole('link', { name: 'audit', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Words' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    expect(await page.title()).toBe('Overview · audit · Feedprint');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Audit');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Figures' }).waitFor();
    expect(await focused()).toBe('Audit');
    expect(await page.title()).toBe('Audit · audit · Feedprint');
  });

  inChromium(
    'opens what a figure rests on by focus, closes it by Escape, and its source by Enter',
    async () => {
      await open('runs/audit/audit');
      const figure = page.locator('.figure-list summary').first();
      await page.getByRole('link', { name: 'hedges' }).focus();
      const tip = page.locator('.property-rows li:focus-within .tip');
      await tip.getByText('learned 1.00 [0.500, 1.50]').waitFor();
      await page.keyboard.press('Tab');
      expect(await tip.count()).toBe(0);
      await figure.focus();
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Tab');
      await figure.locator('.tip').waitFor();
      await page.keyboard.press('Escape');
      expect(await figure.locator('.tip').isVisible()).toBe(false);
      await page.keyboard.press('Enter');
      await page.getByText('SELECT 1').waitFor();
    },
  );

  inChromium('moves through a long list by arrows to its end, and out of it by Tab', async () => {
    await open('runs/audit/texts');
    await page.locator('.rows-row a').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe('1');
    await page.keyboard.press('PageDown');
    expect(Number(await focused())).toBeGreaterThan(5);
    await page.keyboard.press('End');
    await page.waitForFunction(
      (last) => document.activeElement?.textContent === last,
      `${TEXTS - 1}`,
    );
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('.rows') ?? null)).toBeNull();
    const stops = page.locator('.rows-row a[tabindex="0"]');
    expect(await stops.allTextContents()).toEqual([`${TEXTS - 1}`]);
    await stops.press('Enter');
    await page.getByRole('heading', { name: `Text ${TEXTS - 1}` }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  });

  inChromium(
    'moves through the tokens of a text by arrows, each with what is known of it',
    async () => {
      await open('runs/audit/texts/0');
      await page.locator('.heat [tabindex="0"]').first().focus();
      await page.getByText('shift –; stated –').waitFor();
      await page.keyboard.press('ArrowRight');
      await page.getByText('shift 0; stated 2.00').waitFor();
      await open('runs/audit/playground');
      await page.getByRole('textbox', { name: 'Text' }).fill('The film was');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'What the models make of it' }).waitFor();
      expect(await focused()).toBe('Read');
      await page.locator('.heat [aria-pressed="true"]').focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('Space');
      await page.getByRole('heading', { name: 'At The', exact: true }).waitFor();
    },
  );
});
