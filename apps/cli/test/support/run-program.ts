import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../bin.js', import.meta.url));

/** Milliseconds for tests that run whole audits, on a machine that has other things to do. */
export const PATIENCE = 300_000;

export interface Stop {
  readonly signal: NodeJS.Signals;
  /** Stages after whose end it comes. */
  readonly after: number;
  readonly milliseconds: number;
}

export interface Ended {
  /** `null` after a death by signal. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly stop?: Stop;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Working directory. Default: this process's. */
  readonly cwd?: string;
}

/** Runs the real program in a process of its own until it ends or is stopped. */
export function runProgram(
  args: readonly string[],
  { stop, env = {}, cwd }: RunOptions = {},
): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [program, ...args], {
      ...(cwd !== undefined && { cwd }),
      stdio: ['ignore', 'pipe', 'pipe'],
      // The tests' own servers are reached directly, whatever proxies this machine has.
      env: { ...process.env, no_proxy: '127.0.0.1', ...env },
    });
    let [out, err] = ['', ''];
    let sent = false;
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
      if (!stop || sent || err.split('\n[').length <= stop.after) return;
      sent = true;
      setTimeout(() => child.kill(stop.signal), stop.milliseconds);
    });
    child.on('error', fail);
    child.on('close', (code) => done({ code, out, err }));
  });
}
