import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { URLSearchParams } from 'node:url';
import { startDashboard } from '@feedprint/dashboard';
import axe from 'axe-core';
import { chromium } from 'playwright-core';

/**
 * Opens every page of the runs in a folder, in both themes and at both widths, keeps pictures, and says what is wrong: a page wider than
 * its window, what the console complains of, what axe finds, how far things move when data arrive. `npm run look RUNS PICTURES`;
 * a text in ASK is asked of the models in the playground.
 */
const [runs = 'runs', pictures = 'pictures'] = process.argv.slice(2);
const asked = process.env['ASK'];
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'];
/** Layout shift of a page that a person would notice. */
const SHIFT = 0.1;
const PATIENCE = 120_000;

mkdirSync(pictures, { recursive: true });
const dashboard = await startDashboard({ folder: resolve(runs) });
const read = async (path) => (await fetch(`${dashboard.url}api/${path}`)).json();

/** Names and addresses of the pages of all runs, but for runs within others and the audits of looks at a training; of a run that is not there. */
async function pagesOf() {
  const { runs: all } = await read('runs');
  const own = all.filter(
    ({ id }) => !/\/audits\//.test(id) && !all.some((other) => id.startsWith(`${other.id}/`)),
  );
  const pages = [
    ['runs', ''],
    ['compare-none', 'compare'],
    ['unknown', 'runs/unknown'],
  ];
  for (const { id, kind, headline } of own) {
    const run = `runs/${encodeURIComponent(id)}`;
    const add = (rest) => pages.push([`${id}${rest}`.replaceAll('/', '-'), `${run}${rest}`]);
    add('');
    const { facts, watch } = await read(`runs/${encodeURIComponent(id)}`);
    if (watch) add('/trajectory');
    if (headline === null) continue;
    if (kind === 'trajectory') add('/trajectory');
    if (kind !== 'audit') continue;
    const has = (table) => facts.tables.includes(table);
    for (const view of ['/audit', '/layers', '/playground', '/report']) add(view);
    if (has('words')) add('/words');
    if (has('tokens')) ['/texts', '/texts/1'].forEach(add);
    if (has('properties')) {
      const { properties } = await read(`runs/${encodeURIComponent(id)}/audit`);
      const flagged = properties.find((one) => one.flagged);
      ['/replies', ...(flagged ? [`/replies/${flagged.name}`] : [])].forEach(add);
    }
    if (!has('sae_features')) continue;
    const { features } = await read(`runs/${encodeURIComponent(id)}/features?limit=1`);
    ['/features', ...features.map(({ site, index }) => `/features/${site}/${index}`)].forEach(add);
  }
  for (const kind of new Set(own.map((run) => run.kind))) {
    const two = own.filter((run) => run.kind === kind).slice(0, 2);
    const query = new URLSearchParams(two.map(({ id }) => ['run', id]));
    if (two.length === 2) pages.push([`compare-${kind}`, `compare?${query}`]);
  }
  return pages;
}

/** Everything that can be asked in the playground. */
async function ask(page) {
  await page.getByRole('textbox', { name: 'Text' }).fill(asked);
  await page.getByRole('button', { name: 'Read' }).click();
  await page.locator('.heat button').last().click({ timeout: PATIENCE });
  await page.getByRole('button', { name: 'Write on' }).click();
  await page.locator('.continuations').waitFor({ timeout: PATIENCE });
  await page.getByRole('textbox', { name: 'Reply' }).fill('It was great! I loved it.');
  await page.getByRole('button', { name: 'Edit it' }).click();
  await page.locator('.edits').waitFor({ timeout: PATIENCE });
}

const pages = await pagesOf();
const browser = await chromium.launch({ executablePath, args: flags, headless: true });
let wrong = 0;
for (const width of [1280, 390]) {
  for (const colorScheme of ['light', 'dark']) {
    const options = { viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' };
    const page = await browser.newPage(options);
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      const isOurs = !message.text().includes('404') || !page.url().endsWith('/unknown');
      if (message.type() === 'error' && isOurs) complaints.push(message.text());
    });
    await page.addInitScript(() => {
      globalThis.shift = 0;
      new globalThis.PerformanceObserver((list) => {
        for (const { value, hadRecentInput } of list.getEntries())
          if (!hadRecentInput) globalThis.shift += value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(dashboard.ownUrl);
    for (const [name, path] of pages) {
      await page.goto(`${dashboard.url}${path}`);
      await page.locator('h1').first().waitFor();
      await page.waitForFunction(() => !globalThis.document.querySelector('.loading'), undefined, {
        timeout: PATIENCE,
      });
      const shift = await page.evaluate(() => globalThis.shift);
      if (shift > SHIFT) complaints.push(`layout shift ${shift.toFixed(3)}`);
      if (asked && name.endsWith('-playground')) await ask(page);
      const wide = await page.evaluate(() => globalThis.document.documentElement.scrollWidth);
      if (wide > width) complaints.push(`${wide} pixels wide`);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      complaints.push(...violations.map(({ id, nodes }) => `axe: ${id}, ${nodes[0]?.html}`));
      await page.screenshot({
        path: `${pictures}/${name}-${width}-${colorScheme}.png`,
        fullPage: true,
      });
      for (const text of complaints.splice(0)) {
        wrong++;
        process.stdout.write(`${name}, ${width} px, ${colorScheme}: ${text}\n`);
      }
    }
    await page.close();
  }
}
await browser.close();
await dashboard.close();
process.stdout.write(`${pages.length} pages, ${wrong} faults\n`);
process.exitCode = wrong > 0 ? 1 : 0;
