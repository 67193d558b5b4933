import { readFile, readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FeedprintError } from '@feedprint/core';

export interface ClientFile {
  readonly type: string;
  readonly content: Uint8Array;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The built page, by request path; nothing that is not in this map is served. Throws `dependency-missing` if it was not built. */
export async function readClientFiles(): Promise<ReadonlyMap<string, ClientFile>> {
  const folder = fileURLToPath(new URL('../../../dist/client/', import.meta.url));
  const files = new Map<string, ClientFile>();
  try {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const type = types[extname(entry.name)];
      if (!entry.isFile() || type === undefined) continue;
      const path = join(entry.parentPath, entry.name);
      const name = `/${relative(folder, path).split(sep).join('/')}`;
      files.set(name, { type, content: await readFile(path) });
    }
  } catch (error) {
    throw notBuilt(error);
  }
  if (!files.has('/index.html')) throw notBuilt(undefined);
  return files;
}

function notBuilt(cause: unknown): FeedprintError {
  return new FeedprintError({
    code: 'dependency-missing',
    message: "the dashboard's page is not built",
    remedy: 'run `npx nx build @feedprint/dashboard` in a checkout, or reinstall the package',
    cause,
  });
}
