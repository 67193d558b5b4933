import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../bin.js', import.meta.url));

/** Runs the program and ends it with a signal as soon as `when` holds; gives its exit code, null after a death. */
export function stopWhen(
  args: readonly string[],
  when: () => boolean,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<{ code: number | null; err: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const watch = setInterval(() => {
      if (!when()) return;
      clearInterval(watch);
      child.kill(signal);
    }, 2);
    child.on('error', fail);
    child.on('close', (code) => {
      clearInterval(watch);
      done({ code, err });
    });
  });
}

/** Folders of the stages of a training that are done, or, by names that begin with `.tmp-`, under way. */
export const stagesIn = (out: string): string[] => {
  const folder = join(out, 'run', 'stages');
  return existsSync(folder) ? readdirSync(folder) : [];
};
