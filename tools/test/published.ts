import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What package.json says, as far as the tests ask. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly type?: string;
  readonly sideEffects?: boolean;
  readonly repository?: { readonly url: string; readonly directory: string };
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The packages that are published, by their folder in the repository. */
export const published: readonly { readonly folder: string; readonly manifest: Manifest }[] = [
  'packages',
  'apps',
]
  .flatMap((parent) => readdirSync(root + parent).map((name) => `${parent}/${name}`))
  .map((folder) => ({
    folder,
    manifest: JSON.parse(readFileSync(`${root}${folder}/package.json`, 'utf8')) as Manifest,
  }));
