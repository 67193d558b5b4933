import { readdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/** Asks are-the-types-wrong whether every way into a package finds its types. Throws what it finds. */
export function checkTypes({ folder, manifest }, place) {
  const aside = mkdtempSync(join(place, 'packed-'));
  run('npm', ['pack', '--pack-destination', aside], { cwd: folder });
  const [tarball] = readdirSync(aside);
  const data = Object.keys(manifest.exports).filter((entry) => entry.endsWith('.schema.json'));
  const left = data.length > 0 ? ['--exclude-entrypoints', ...data] : [];
  run('npx', ['--no-install', 'attw', join(aside, tarball), '--profile', 'esm-only', ...left], {
    cwd: folder,
  });
}
