// Which licences the packages that Feedprint installs have. Ends with 1 where one is not known to allow it.
import { readFileSync } from 'node:fs';

const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
]);

/** Of an SPDX expression: all that are joined by AND, one of those that are joined by OR. */
const isAllowed = (expression) =>
  expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => allowed.has(licence)));

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const counts = new Map();
const refused = [];
for (const [path, { license, link, dev }] of Object.entries(lock.packages)) {
  if (!path.includes('node_modules/') || link || dev) continue;
  const name = path.replace(/^.*node_modules\//, '');
  const said = license ?? 'none stated';
  counts.set(said, (counts.get(said) ?? 0) + 1);
  if (!isAllowed(said)) refused.push(`${name}: ${said}`);
}
for (const [licence, count] of [...counts].sort(([, a], [, b]) => b - a)) {
  console.log(`${licence.padEnd(16)} ${count}`);
}
for (const each of refused) console.error(`not known to allow it: ${each}`);
process.exitCode = refused.length > 0 ? 1 : 0;
