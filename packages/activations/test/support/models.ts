import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Folder of one of the embedded models. */
export const demoModel = (name: string): string => at(`../../../../apps/cli/demo/${name}`);

/** Folder of one of the larger models kept outside the repository; `undefined`, said aloud, where it is missing. */
export function sharedModel(name: string): string | undefined {
  const folder = at(`../../../../../shared/models/${name}`);
  if (existsSync(folder)) return folder;
  process.stderr.write(`not tested here: ${name} is missing from ../shared/models\n`);
  return undefined;
}
