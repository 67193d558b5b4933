// Makes a fresh clone ready: checks Node, installs dependencies when the lock file changed, builds what is stale.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = `${root}node_modules/.feedprint-setup`;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Feedprint needs Node 20.19 or newer; this is ${process.version}. Install it and run the command again.`,
  );
  process.exit(1);
}

function run(command, args) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    env: { ...process.env, NX_NO_CLOUD: 'true', NX_DAEMON: 'false' },
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

const stamp = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .update(process.version)
  .digest('hex');
const installed = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
if (!installed) {
  console.error('Installing dependencies (once)...');
  run('npm', ['ci', '--no-audit', '--no-fund']);
  writeFileSync(stampFile, stamp);
}
console.error('Building...');
run('npx', [
  '--no-install',
  'nx',
  'run-many',
  '-t',
  'build',
  '--parallel=2',
  '--outputStyle=static',
]);
