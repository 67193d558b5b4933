import { readdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/** Asks are-the-types-wrong whether every way into a package finds its types. Throws what it finds. */
export function checkTypes(folder, place) {
  const aside = mkdtempSync(join(place, 'packed-'));
  run('npm', ['pack', '--pack-destination', aside], { cwd: folder });
  const [tarball] = readdirSync(aside);
  const json = ['--exclude-entrypoints', './report.schema.json', './bench-planted.schema.json'];
  run('npx', ['--no-install', 'attw', join(aside, tarball), '--profile', 'esm-only', ...json], {
    cwd: folder,
  });
}
