import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FeedprintError } from '@feedprint/core';

/** A data file of an npm package. Throws `dependency-missing`, naming what to install: `name@version`. */
export function readPackaged(resolve: () => string, install: string): string {
  try {
    return readFileSync(fileURLToPath(resolve()), 'utf8');
  } catch (cause) {
    throw new FeedprintError({
      code: 'dependency-missing',
      message: `the data of the package ${install} cannot be read`,
      remedy: `run npm install ${install}`,
      cause,
    });
  }
}
