import { hashesIn } from './temporary-folder.ts';

/** Hashes of the files that make up a trained SAE, its run left out. */
export const product = (folder: string): Record<string, string> =>
  hashesIn(folder, (path) => !path.startsWith('run'));
