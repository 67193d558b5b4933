import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const inside = (folder: string): string[] =>
  readdirSync(root + folder).map((name) => `${folder}/${name}`);

/** What people read: the README of the repository and of each package, and the guides. */
export const documents: readonly string[] = [
  'README.md',
  ...['packages', 'apps'].flatMap(inside).map((folder) => `${folder}/README.md`),
  ...inside('docs/guides').filter((name) => name.endsWith('.md')),
];
