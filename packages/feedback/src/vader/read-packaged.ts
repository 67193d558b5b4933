import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FeedprintError } from '@feedprint/core';

/** A data file of an npm package, by its specifier. Throws `dependency-missing`, with what to install. */
export function readPackaged(specifier: string, version: string): string {
  try {
    return readFileSync(fileURLToPath(import.meta.resolve(specifier)), 'utf8');
  } catch (cause) {
    throw new FeedprintError({
      code: 'dependency-missing',
      message: `the data file ${specifier} cannot be read`,
      remedy: `run npm install ${specifier.split('/')[0]}@${version}`,
      cause,
    });
  }
}
