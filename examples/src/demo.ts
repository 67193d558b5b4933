import { fileURLToPath } from 'node:url';

/** Path of a file or folder of the models and texts of `@feedprint/demo-models`. */
export const demo = (name: string): string =>
  fileURLToPath(new URL(name, import.meta.resolve('@feedprint/demo-models/package.json')));
