import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDashboard } from '@feedprint/dashboard';
import { chromium } from 'playwright-core';
import { writeLargeRun } from './write-large-run.mjs';

/** Wheel turns of 900 pixels, and jumps to places all over the list. */
const TURNS = 120;
const JUMPS = 60;
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'];
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Measures the tasks of the page while lists of 100,000 features and of the texts of 1,000,000 tokens are scrolled: `npm run bench:scroll`. */
const root = await mkdtemp(join(tmpdir(), 'feedprint-dashboard-scroll-'));
await writeLargeRun({ folder: join(root, 'large'), features: 100_000, tokens: 1_000_000 });
const dashboard = await startDashboard({ folder: root });
const browser = await chromium.launch({ executablePath, args: flags, headless: true });
for (const width of [1280, 390]) {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  for (const [name, path] of [
    ['100,000 features', 'features'],
    ['1,000,000 tokens', 'texts'],
  ]) {
    await page.goto(`${dashboard.url}runs/large/${path}`);
    await page.locator('.rows-row').first().waitFor();
    await page.waitForTimeout(500);
    const trace = await startTrace(page);
    const box = page.locator('.rows-box');
    await box.hover();
    for (let i = 0; i < TURNS; i++) {
      await page.mouse.wheel(0, 900);
      await page.waitForTimeout(16);
    }
    for (let i = 0; i < JUMPS; i++) {
      await box.evaluate(
        (list, share) => {
          list.scrollTop = share * list.scrollHeight;
        },
        (i * 0.618) % 1,
      );
      await page.waitForTimeout(50);
    }
    await box.evaluate((list) => {
      list.scrollTop = list.scrollHeight;
    });
    await page.waitForTimeout(500);
    const tasks = await trace();
    const last = await page.locator('.rows-row').last().textContent();
    const longest = (of) => tasks.reduce((most, task) => Math.max(most, of(task)), 0).toFixed(0);
    const over = (of) => tasks.filter((task) => of(task) > 50).length;
    const whole = ({ wall }) => wall;
    const own = ({ wall, garbage }) => wall - garbage;
    process.stdout.write(
      `${name}, ${width} px: ${over(own)} tasks over 50 ms, longest ${longest(own)} ms; with garbage collection ${over(whole)}, ${longest(whole)} ms; last row ${(last ?? '').slice(0, 30)}\n`,
    );
  }
  await page.close();
}
await browser.close();
await dashboard.close();
await rm(root, { recursive: true });

/**
 * Milliseconds of every task of the page's main thread from now on, and those of them that collect garbage: on the clock, so that a
 * busy machine lengthens them; collections most, as their helpers wait for a processor.
 */
async function startTrace(page) {
  const client = await page.context().newCDPSession(page);
  const events = [];
  client.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await client.send('Tracing.start', {
    traceConfig: {
      includedCategories: ['toplevel', 'devtools.timeline', '__metadata'],
      excludedCategories: ['*'],
    },
    transferMode: 'ReportEvents',
  });
  return async () => {
    const done = new Promise((resolve) => client.once('Tracing.tracingComplete', resolve));
    await client.send('Tracing.end');
    await done;
    await client.detach();
    const mains = new Set(
      events
        .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
        .map(({ pid, tid }) => `${pid} ${tid}`),
    );
    const main = events.filter(({ ph, pid, tid }) => ph === 'X' && mains.has(`${pid} ${tid}`));
    const collections = main.filter(({ name }) => name === 'MajorGC' || name === 'MinorGC');
    return main
      .filter(({ name }) => /RunTask/.test(name))
      .map(({ ts, dur }) => ({
        wall: dur / 1000,
        garbage: collections
          .filter((one) => one.ts >= ts && one.ts + one.dur <= ts + dur)
          .reduce((sum, one) => sum + one.dur / 1000, 0),
      }));
  };
}
