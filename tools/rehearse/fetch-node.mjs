import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/** The newest Node of a major version, from npm's `node` package: the path of its program. */
export function fetchNode(version, place, { npmrc }) {
  const folder = join(place, `node-${version}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  run('npm', ['install', `node@${version}`, '--userconfig', npmrc], { cwd: folder });
  return join(folder, 'node_modules/node/bin/node');
}
