import { spawnSync } from 'node:child_process';

/** What a program writes to stdout. Throws, with everything that it wrote, if it fails. */
export function run(program, args, { cwd, env = {} } = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')} failed: ${error ?? ''}\n${stdout}\n${stderr}`);
}
