import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';

/** Folders of a stage's artifacts, of whatever settings. */
export const stagesNamed = (folder: string, stage: string): string[] =>
  artifactsIn(folder)
    .filter(({ name }) => name === stage)
    .map(({ path }) => path);

/** The latest of a stage's artifacts. Throws `run-invalid` if there is none. */
export function latestStage(folder: string, stage: string): string {
  const [latest] = stagesNamed(folder, stage).sort((a, b) => timeOf(b) - timeOf(a));
  if (latest !== undefined) return latest;
  throw new FeedprintError({
    code: 'run-invalid',
    message: `the run has not finished the stage ${stage}`,
    remedy: 'wait for it, or run the same command again',
  });
}

/** Names of the stages that left something. */
export const stageNames = (folder: string): string[] => [
  ...new Set(artifactsIn(folder).map(({ name }) => name)),
];

function artifactsIn(folder: string): { readonly name: string; readonly path: string }[] {
  const parent = join(folder, 'stages');
  try {
    return readdirSync(parent).flatMap((entry) => {
      const name = /^([^.].*)-[0-9a-f]+$/.exec(entry)?.[1];
      return name === undefined ? [] : [{ name, path: join(parent, entry) }];
    });
  } catch {
    return [];
  }
}

const timeOf = (stage: string): number => statSync(stage).mtimeMs;
