import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Folder of one of the embedded models. */
export const demoModel = (name: string): string => at(`../../../../packages/demo-models/${name}`);

/** Folder of one of the larger models kept outside the repository; `undefined`, said aloud, where it is missing. */
export function sharedModel(name: string): string | undefined {
  const folder = at(`../../../../../shared/models/${name}`);
  if (existsSync(folder)) return folder;
  process.stderr.write(`not tested here: ${name} is missing from ../shared/models\n`);
  return undefined;
}

/** A file kept outside the repository, by its path there; `undefined`, said aloud, where it is missing. */
export function sharedFile(path: string): string | undefined {
  const file = at(`../../../../../shared/${path}`);
  if (existsSync(file)) return file;
  process.stderr.write(`not tested here: ${path} is missing from ../shared\n`);
  return undefined;
}
