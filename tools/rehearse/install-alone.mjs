import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { programs } from './programs.mjs';
import { run } from './run.mjs';

const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
const typescript = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    module: 'nodenext',
    target: 'es2023',
    types: [],
  },
  files: ['imports.ts'],
};
const before = (node) => ({ PATH: `${dirname(node)}${delimiter}${process.env.PATH}` });

/** Installs a package in an empty project, imports every way into it, checks its types and runs a program that uses it. */
export function installAlone({ name, version, exports }, { node, place, registry }) {
  const folder = mkdtempSync(join(place, 'project-'));
  const options = { cwd: folder, env: before(node) };
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const started = performance.now();
  run('npm', ['install', `${name}@${version}`, '--userconfig', registry.npmrc], options);
  const seconds = (performance.now() - started) / 1000;
  const entries = Object.keys(exports).filter((entry) => !/\*|json|tfjs/.test(entry));
  const imports = entries.map((entry, i) => `import * as e${i} from '${name}${entry.slice(1)}';`);
  const used = entries.map((_, i) => `void e${i};`);
  writeFileSync(join(folder, 'imports.ts'), [...imports, ...used].join('\n'));
  writeFileSync(join(folder, 'imports.mjs'), [...imports, ...used].join('\n'));
  writeFileSync(join(folder, 'program.mjs'), programs[name]);
  run(node, ['imports.mjs'], options);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(typescript));
  run(node, [tsc], options);
  run(node, ['program.mjs'], options);
  const bytes = sizeOf(join(folder, 'node_modules'));
  rmSync(folder, { recursive: true });
  return { bytes, seconds };
}

/** What a user types first, in an empty folder and with nothing from earlier rehearsals in npm's cache: the last lines that it prints. */
export function runDemo({ node, place, registry }) {
  const folder = join(place, `demo-${performance.now()}`);
  mkdirSync(folder);
  const args = ['--yes', '--userconfig', registry.npmrc, 'feedprint', 'demo', '--quick'];
  const env = { ...before(node), npm_config_cache: join(folder, 'npm-cache') };
  const output = run('npx', args, { cwd: folder, env });
  if (!/flagged \d+ of them/.test(output)) throw new Error(`the demo says nothing:\n${output}`);
  return output.trim().split('\n').slice(-2).join('\n');
}

function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
