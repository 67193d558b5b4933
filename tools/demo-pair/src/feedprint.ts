import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../apps/cli/bin.js', import.meta.url));

/** Runs a command of Feedprint, a flag for each entry bare where it is `true`. Ends this program where the command fails. */
export function feedprint(
  command: string,
  flags: Readonly<Record<string, string | number | boolean | readonly string[]>>,
): void {
  const args = Object.entries(flags).flatMap(([name, value]) => {
    if (typeof value === 'boolean') return value ? [`--${name}`] : [];
    return [value].flat().flatMap((one) => [`--${name}`, String(one)]);
  });
  const { status } = spawnSync(process.execPath, [program, command, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
