import { main } from '../../src/main.ts';
import type { Io } from '../../src/io.ts';

export interface Captured {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process with everything that it says captured. */
export async function runCli(
  args: readonly string[],
  changes: Partial<Io> = {},
): Promise<Captured> {
  let [out, err] = ['', ''];
  const code = await main(args, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    isTerminal: false,
    columns: 80,
    env: {},
    now: () => new Date(),
    signal: new AbortController().signal,
    ...changes,
  });
  return { code, out, err };
}
