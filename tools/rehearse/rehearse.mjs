// Publishes every package to a registry on this machine, installs each alone and uses it, and says what that takes.
// npx nx run tools:rehearse [-- --node 20,22,24] [--only @feedprint/probe,feedprint] [--write]
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkTypes } from './check-types.mjs';
import { fetchNode } from './fetch-node.mjs';
import { installAlone, runDemo } from './install-alone.mjs';
import { startRegistry } from './registry.mjs';
import { run } from './run.mjs';
import { formatTable, writeTable } from './table.mjs';

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: '20,22,24' },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
});
const root = fileURLToPath(new URL('../..', import.meta.url));
const only = values.only.split(',').filter(Boolean);
const packages = ['packages', 'apps']
  .flatMap((parent) => readdirSync(root + parent).map((name) => join(root, parent, name)))
  .map((folder) => ({
    folder,
    manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
  }));
const wanted = packages.filter(({ manifest: { name } }) => !only.length || only.includes(name));

const place = mkdtempSync(join(tmpdir(), 'feedprint-rehearsal-'));
console.error(`rehearsing in ${place}`);
const registry = await startRegistry(join(place, 'registry'));
const rows = new Map(wanted.map(({ manifest: { name } }) => [name, { name, seconds: {} }]));
try {
  for (const { folder, manifest } of packages) {
    const args = [
      '--userconfig',
      registry.npmrc,
      '--provenance=false',
      '--json',
      '--tag',
      'latest',
    ];
    const { size } = publishedIn(run('npm', ['publish', ...args], { cwd: folder }));
    console.error(`published ${manifest.name}@${manifest.version}, ${size} bytes`);
    const row = rows.get(manifest.name);
    if (!row) continue;
    row.packed = size;
    if (manifest.exports['.']) checkTypes({ folder, manifest }, place);
  }
  for (const version of values.node.split(',')) {
    const node = fetchNode(version, place, registry);
    for (const { manifest } of wanted) {
      const { bytes, seconds } = installAlone(manifest, { node, place, registry });
      const row = rows.get(manifest.name);
      row.installed = bytes;
      row.seconds[version] = seconds;
      console.error(
        `Node ${version}: ${manifest.name} installs (${seconds.toFixed(1)} s, ${bytes} bytes), imports, type-checks and runs`,
      );
    }
    if (rows.has('feedprint')) console.error(runDemo({ node, place, registry }));
  }
} finally {
  registry.stop();
}
const table = formatTable([...rows.values()], values.node.split(','));
console.log(table);
if (values.write) writeTable(table, join(root, 'docs/releasing.md'));

/** npm says it of the package, or by the package's name. */
function publishedIn(json) {
  const said = JSON.parse(json);
  return 'size' in said ? said : Object.values(said)[0];
}
