import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** What a child process found out. */
export type ChildAnswer =
  { readonly value: unknown } | { readonly value?: never; readonly reason: string };

const require = createRequire(import.meta.url);

/** URL of a package's module, from wherever it is installed. */
export const urlOf = (name: string, from: NodeJS.Require = require): string =>
  pathToFileURL(from.resolve(name)).href;

/** Milliseconds until a child counts as stuck. */
const PATIENCE = 60_000;
const MARK = 'feedprint-answer:';

/**
 * Runs the body of an async function in a process of its own and gives the JSON value that it returns: native code that crashes,
 * hangs or prints does so there.
 */
export function runInChild(body: string, args: readonly string[] = []): Promise<ChildAnswer> {
  const code = `const answer = await (async () => {${body}})();
process.stdout.write('\\n${MARK}' + JSON.stringify(answer) + '\\n');`;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code, '--', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: PATIENCE,
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', ({ message }) => resolve({ reason: message }));
    child.on('close', (exit, signal) => {
      const answer = out.split('\n').find((line) => line.startsWith(MARK));
      if (answer) return resolve({ value: JSON.parse(answer.slice(MARK.length)) as unknown });
      const error = err.split('\n').find((line) => /^\w*Error\b/.test(line));
      resolve({ reason: error ?? `the process ended with ${signal ?? `exit code ${exit}`}` });
    });
  });
}
