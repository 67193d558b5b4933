import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { published, root } from './published.ts';

interface Graph {
  readonly graph: {
    readonly dependencies: Readonly<Record<string, readonly { readonly target: string }[]>>;
  };
}

const names = published.map(({ manifest }) => manifest.name);
const isApp = (name: string): boolean =>
  published.some(({ folder, manifest }) => folder.startsWith('apps') && manifest.name === name);
const libraries = names.filter((name) => !isApp(name) && name !== '@feedprint/demo-models');

/** What docs/architecture.md lets each package use: whatever stands left of it on a line of arrows. */
function drawnArrows(): Map<string, Set<string>> {
  const text = readFileSync(`${root}docs/architecture.md`, 'utf8');
  const lines = text.split('\n').filter((line) => line.includes(' <- '));
  const groups: Readonly<Record<string, readonly string[]>> = {
    'all libraries': libraries.filter((name) => name !== '@feedprint/recipes'),
    apps: names.filter(isApp),
    cli: ['feedprint'],
  };
  const arrows = new Map(names.map((name) => [name, new Set<string>()]));
  for (const line of lines) {
    const left: string[] = [];
    for (const place of line.split(' <- ')) {
      const here = groups[place] ?? place.split(', ').map((name) => `@feedprint/${name}`);
      for (const name of here) for (const used of left) arrows.get(name)?.add(used);
      left.push(...here);
    }
  }
  return arrows;
}

test('packages use each other as the arrows of docs/architecture.md are drawn', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'feedprint-graph-')), 'graph.json');
  execFileSync('npx', ['--no-install', 'nx', 'graph', '--file', file], {
    cwd: root,
    env: { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true' },
    stdio: 'ignore',
    shell: process.platform === 'win32',
  });
  const { graph } = JSON.parse(readFileSync(file, 'utf8')) as Graph;
  const drawn = drawnArrows();
  for (const [name, allowed] of drawn) {
    const used = new Set(
      graph.dependencies[name]?.flatMap(({ target }) => (names.includes(target) ? target : [])),
    );
    expect([name, [...used].filter((each) => !allowed.has(each))]).toEqual([name, []]);
    // Apps may use whatever they like; every other arrow is there because something goes along it.
    if (isApp(name)) continue;
    expect([name, [...allowed].filter((each) => !used.has(each))]).toEqual([name, []]);
  }
});
