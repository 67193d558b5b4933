import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError, matrix, openSafetensors } from '@feedprint/core';
import { writeMatrices } from '../matrix-files.ts';
import type { FoundDirection } from './find-causes.ts';

/**
 * A file of the stage `causes`, `[1, width]` each, named after the site: `<site>.mean`, the mean difference along the direction, tuned minus
 * base; `<site>.read` and `<site>.write`, by which the component of x along it is (read . x) write.
 */
const FILE = 'directions.safetensors';
const MEAN = '.mean';

export const writeDirection = (
  folder: string,
  { fit, subspace, mean }: Pick<FoundDirection, 'fit' | 'subspace' | 'mean'>,
): void =>
  writeMatrices(folder, FILE, {
    [`${fit.site.site}${MEAN}`]: matrix(1, mean.length, mean),
    [`${fit.site.site}.read`]: subspace.read,
    [`${fit.site.site}.write`]: subspace.write,
  });

/** A direction that carries what a tuned model learned, to be added to a model's activations. */
export interface LearnedDirection {
  readonly site: string;
  /** Mean difference along it, tuned minus base, `[width]`. */
  readonly direction: Float32Array;
}

/**
 * Reads the direction that an audit found, from its run's folder or from its file `directions.safetensors`. Throws `run-invalid` for a run without
 * one and for a file that is none.
 */
export function readDirection(path: string): LearnedDirection {
  const file = openSafetensors(fileOf(path));
  try {
    const name = [...file.tensors.keys()].find((key) => key.endsWith(MEAN));
    if (name === undefined) {
      throw invalid(`${path} holds no direction of an audit`, `pass a run's ${FILE}`);
    }
    return { site: name.slice(0, -MEAN.length), direction: file.readFloats(name) };
  } finally {
    file.close();
  }
}

/** Of several runs of the stage, with other settings, the last. */
function fileOf(path: string): string {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  const stages = join(path, 'stages');
  const files = (existsSync(stages) ? readdirSync(stages) : [])
    .filter((name) => name.startsWith('causes-'))
    .map((name) => join(stages, name, FILE))
    .filter((file) => existsSync(file))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  const [last] = files;
  if (last !== undefined) return last;
  throw invalid(
    `the run ${path} found no direction that carries an effect`,
    'pass the folder of a finished audit that looked for causes (--cause-tokens)',
  );
}

const invalid = (message: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'run-invalid', message, remedy });
