import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startDashboard } from '@feedprint/dashboard';
import type { Dashboard } from '@feedprint/dashboard';
import { query } from '@feedprint/pipeline';
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { continueRun } from '../src/dashboard/continue-run.ts';
import { runProgram } from './support/run-program.ts';
import { hashesIn, temporaryFolder } from './support/temporary-folder.ts';

const bin = fileURLToPath(new URL('../bin.js', import.meta.url));
const found = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const embedded = (name: string): string =>
  fileURLToPath(new URL(name, import.meta.resolve('@feedprint/demo-models/package.json')));

/** The demo's models and texts, of the smallest size that still has every view. */
const small = {
  ...{ base: embedded('base'), tuned: embedded('tuned-planted'), texts: embedded('texts.jsonl') },
  ...{ feedback: 'vader', maxTexts: 60, layers: 1, sampleTokens: 1000, saeTokens: 2000 },
  ...{ changeTokens: 0, locationTokens: 0, placeboTokens: 0, onPolicyTokens: 0, causeTokens: 100 },
  ...{ prompts: 4, newTokens: 4, randomAblations: 2, occurrences: 20, triples: 40, labeled: 6 },
};

const SITE = 'blocks.3.hook_mlp_out';
const root = temporaryFolder();
/** A `layout-shift`, which the types of the DOM do not know. */
interface Shift {
  readonly value: number;
  readonly hadRecentInput: boolean;
}

let dashboard: Dashboard;
let browser: Browser;
let page: Page;
/** What scripts and the console complained of since it was last looked at. */
const complaints: string[] = [];

beforeAll(async () => {
  dashboard = await startDashboard({ folder: root, pollMilliseconds: 100, continueRun });
  browser = await chromium.launch({ executablePath: found, args: flags, headless: true });
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(240_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.addInitScript(() => {
    const seen = globalThis as unknown as { shift: number };
    seen.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput } = entry as unknown as Shift;
        if (!hadRecentInput) seen.shift += value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(dashboard.ownUrl);
});

afterAll(async () => {
  await browser.close();
  await dashboard.close();
});

const view = (rest = '', run = 'demo'): string => `${dashboard.url}runs/${run}${rest}`;

describe('the dashboard on a run of the demo', () => {
  test('shows it live, from its first stage to what it found', async () => {
    const config = join(temporaryFolder(), 'small.json');
    writeFileSync(config, JSON.stringify(small));
    const args = ['audit', '--config', config, '--out', join(root, 'demo')];
    const run = spawn(process.execPath, [bin, ...args], { stdio: 'ignore' });
    const ended = once(run, 'exit');
    await page.getByRole('link', { name: 'demo', exact: true }).click();
    await page.waitForSelector('[data-status="running"]');
    const finished = page.locator('[data-status="finished"]');
    const before = await finished.count();
    await page.waitForFunction(
      (count) => document.querySelectorAll('[data-status="finished"]').length > count,
      before,
    );
    expect(await ended).toEqual([0, null]);
    await page.getByText('Finished', { exact: true }).waitFor();
    for (const curve of ['explained variance (running batch)', 'dead features, share of all']) {
      await page
        .getByRole('img', { name: `${curve} over steps` })
        .first()
        .waitFor();
    }
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByText('It rests on').waitFor();
    await page.getByRole('heading', { name: 'Figures' }).waitFor();
    const figure = page.locator('.figure-list summary').first();
    await figure.hover();
    expect(await figure.locator('.tip').isVisible()).toBe(true);
    await figure.click();
    await page.getByText("FROM 'tables/figures.parquet'").first().waitFor();
  }, 300_000);

  test('shows causes with their candidates, and the SQL of each figure gives its number', async () => {
    const answer = await page.request.get(`${dashboard.url}api/runs/demo/audit`);
    const { causes } = (await answer.json()) as {
      causes: { groups: { figures: { value: number; n: number; sql: string; place: string }[] }[] };
    };
    const figures = causes.groups.flatMap((group) => group.figures);
    expect(figures.map(({ place }) => place)).toContain('causes.methods[0].necessity.value');
    const folder = join(root, 'demo', 'tables');
    const tables = Object.fromEntries(
      readdirSync(folder).map((file) => [basename(file, '.parquet'), join(folder, file)]),
    );
    for (const { value, n, sql, place } of figures) {
      const [row] = await query({
        tables,
        sql: sql.replaceAll(/'tables\/([\w-]+)\.parquet'/g, '"$1"'),
      });
      expect({ place, value: Number(row?.['value']).toFixed(9) }).toEqual({
        place,
        value: value.toFixed(9),
      });
      expect(n).toBeGreaterThan(0);
    }
    const section = page.getByRole('region', { name: 'Causes' });
    await section
      .getByText(/: gained by the base with it/)
      .first()
      .click();
    const opened = section.locator('.figure-list details[open]');
    await opened.getByText("FROM 'tables/interventions.parquet'").waitFor();
    await opened.getByRole('link', { name: 'the texts that interventions were tried on' }).click();
    await page
      .getByRole('status')
      .filter({ hasText: /texts$/ })
      .waitFor();
    await page.goto(view('/layers'));
    const parts = page.getByRole('region', { name: 'Divergence by component' }).getByRole('row');
    await parts.first().waitFor();
    expect(await parts.count()).toBe(1 + 4);
    expect(await parts.nth(4).getByRole('cell').count()).toBe(6);
  }, 60_000);

  test('finds a feature by search and opens it', async () => {
    await page.goto(view('/features'));
    await page.getByLabel('Show').selectOption('labelled');
    const first = page.locator('.rows-row a').first();
    const name = (await first.textContent()) ?? '';
    await page.getByLabel('Label or number').fill(name);
    await page.waitForFunction(() => document.querySelectorAll('.rows-row').length < 30);
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { name: 'Where it is active' }).waitFor();
    await page.getByRole('img', { name: /Histogram of activations/ }).waitFor();
    expect(await page.locator('.examples .heat .up').count()).toBeGreaterThan(0);
    await page.reload(); // The link is a stable one.
    await page.getByRole('heading', { name, exact: true }).waitFor();
  }, 60_000);

  test('tries a feature on a text that is typed', async () => {
    await page.goto(`${view('/features')}/${SITE}/1`);
    await page.getByRole('heading', { name: 'Most alike' }).waitFor();
    await page.getByRole('link', { name: 'Next' }).click();
    await page.getByRole('heading', { name: `${SITE}/2` }).waitFor();
    await page.getByRole('textbox', { name: 'Text' }).fill('The film was wonderful');
    await page.getByRole('button', { name: 'Read' }).click();
    await page.getByText(/shaded most|not active here/).waitFor();
  }, 60_000);

  test('lists the texts with a word, and shows one', async () => {
    await page.goto(view('/texts'));
    const status = page.getByRole('status').filter({ hasText: /texts$/ });
    const before = await status.textContent();
    await page.getByLabel('With the word').fill('terrible');
    await page.waitForFunction(
      (text) => document.querySelector('[role=status]')?.textContent !== text,
      before,
    );
    await page.locator('.rows-row a').first().click();
    await page.getByRole('heading', { name: /^Text \d+$/ }).waitFor();
    await page.locator('.heat .up, .heat .down').first().waitFor();
  }, 60_000);

  test('asks the models: shifts of tokens, features off, steering', async () => {
    await page.goto(view('/playground'));
    await page.getByLabel('Text').fill('The film was wonderful');
    await page.getByRole('button', { name: 'Read' }).click();
    await page.getByRole('heading', { name: 'What the models make of it' }).waitFor();
    expect(await page.getByText(/^stated$/).count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Write on' }).click();
    await page.locator('.continuations').waitFor();
    expect(await page.locator('.continuations dt').allTextContents()).toEqual(['Base', 'Tuned']);
    const tuned = await page.locator('.continuations dd').nth(1).textContent();
    await page.getByLabel('Steer, dose').fill('-15');
    await page.getByRole('button', { name: 'Write again' }).click();
    await page.getByText('Tuned, changed').waitFor();
    expect(await page.locator('.continuations dd').nth(2).textContent()).not.toBe(tuned);
    await page.getByRole('textbox', { name: 'Reply' }).fill('It was great!');
    await page.getByRole('button', { name: 'Edit it' }).click();
    await page.getByText('It was great.', { exact: true }).waitFor();
  }, 120_000);

  test('lists a capture, stops it from the page and continues it to the same bytes', async () => {
    const texts = join(temporaryFolder(), 'many.jsonl');
    writeFileSync(texts, readFileSync(small.texts, 'utf8').repeat(2));
    const args = (out: string): string[] => [
      ...['capture', '--model', small.base, '--texts', texts, '--site', 'blocks.3.hook_resid_post'],
      ...['--dtype', 'float16', '--threads', '1', '--out', out],
    ];
    const out = join(root, 'activations');
    const run = spawn(process.execPath, [bin, ...args(out)], { stdio: 'ignore' });
    const ended = once(run, 'exit');
    await page.goto(dashboard.ownUrl);
    await page.getByRole('link', { name: 'activations/run', exact: true }).click();
    await page.locator('[data-status="running"]').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    const [code] = (await ended) as [number];
    expect(code).toBeGreaterThan(0);
    await page.getByText('Stopped', { exact: true }).waitFor();
    expect(existsSync(join(out, 'store.json'))).toBe(false);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Finished', { exact: true }).waitFor();
    await page.getByText(/rows at 1 site, of [\d,]+ texts/).waitFor();
    const whole = join(temporaryFolder(), 'whole');
    expect((await runProgram(args(whole))).code).toBe(0);
    const isActivations = (path: string): boolean => !path.startsWith('run/');
    expect(hashesIn(out, isActivations)).toEqual(hashesIn(whole, isActivations));
    await page.goto(dashboard.ownUrl);
    const row = page.getByRole('listitem').filter({ hasText: 'activations/run' });
    expect(await row.innerText()).toMatch(/capture[^]*rows at 1 site[^]*model base[^]*many.jsonl/);
  }, 120_000);

  test('compares two runs', async () => {
    cpSync(join(root, 'demo'), join(root, 'again'), { recursive: true });
    await page.goto(`${dashboard.url}compare?run=demo&run=again`);
    await page.getByRole('region', { name: 'Figures side by side' }).waitFor();
    await page.getByText('No word or property is flagged in one run').waitFor();
  }, 60_000);

  // A theme changes colours alone and a width the layout alone: two pairs of them show all that there is to see.
  test('on every page: axe finds nothing, none is wider than its window, nothing moves when data arrive, the console is empty', async () => {
    const pages = [
      '',
      '/audit',
      '/words',
      '/texts',
      '/texts/1',
      '/layers',
      '/features',
      `/features/${SITE}/0`,
      '/playground',
      '/report',
    ];
    const addresses = [
      dashboard.url,
      `${dashboard.url}compare?run=demo&run=again`,
      ...pages.map((rest) => view(rest)),
    ];
    const wrong: unknown[] = [];
    complaints.length = 0;
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [390, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const address of addresses) {
        await page.goto(address);
        await page.locator('h1').first().waitFor();
        await page.waitForFunction(() => !document.querySelector('.loading'));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        if (wide > width) wrong.push({ address, width, wide });
        const { shift } = (await page.evaluate('({ shift })')) as { shift: number };
        if (shift > 0.1) wrong.push({ address, width, shift });
        for (const text of complaints.splice(0)) wrong.push({ address, width, text });
        await page.evaluate(axe.source);
        const violations = await page.evaluate(async () => {
          const { axe: checker } = window as unknown as {
            axe: {
              run(): Promise<{
                violations: { id: string; impact: string; nodes: { html: string }[] }[];
              }>;
            };
          };
          return (await checker.run()).violations;
        });
        for (const { id, impact, nodes } of violations) {
          wrong.push({ address, width, id, impact, html: nodes[0]?.html });
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 180_000);

  test('is picked up again by the page after it was killed and started', async () => {
    await page.goto(view());
    await page.getByRole('heading', { name: 'Stages' }).waitFor();
    const port = Number(new URL(dashboard.url).port);
    await dashboard.close();
    await page.getByText('Connection lost').waitFor();
    dashboard = await startDashboard({ folder: root, port });
    await page.getByText('Connection lost').waitFor({ state: 'detached' });
  }, 60_000);

  test('and no script of the page fails', () => {
    const failed = complaints.filter((text) => !text.includes('net::ERR_CONNECTION_REFUSED'));
    expect(failed).toEqual([]);
  });
});
