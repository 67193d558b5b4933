import { fileURLToPath } from 'node:url';

/** Path of a file or folder of the models and texts that ship with the `feedprint` package. */
export const demo = (name: string): string =>
  fileURLToPath(new URL(`demo/${name}`, import.meta.resolve('feedprint/package.json')));
