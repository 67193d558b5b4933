import { existsSync } from 'node:fs';

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** A Chromium on this machine: the one named by CHROMIUM, or one in a usual place. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  return named ?? usual.find((path) => existsSync(path));
}

/** What the name of a test says where there is no browser for it. */
export const missing =
  findChromium() === undefined
    ? ' (NOT RUN: no Chromium found; install it or set CHROMIUM to its path)'
    : '';

/** Playwright gives it a fresh profile in the temporary folder, and removes it. */
export const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
