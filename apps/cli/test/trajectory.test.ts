import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { loadVaderLexicon } from '@feedprint/feedback';
import { query } from '@feedprint/pipeline';
import { trajectorySchema } from '@feedprint/report';
import type { Trajectory } from '@feedprint/report';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { commandLine } from './support/sae-args.ts';
import { stopWhen } from './support/stop-when.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { lexiconWords, plantedWords, writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

const root = temporaryFolder();
let pair: TinyPair;

/** Pairs of single words, the one with the higher valence preferred; the reversed ones have theirs with the other sign. */
function writePairs(name: string, reversed: readonly string[]): string {
  const random = createRandom(5);
  const lexicon = loadVaderLexicon();
  const valence = (word: string): number =>
    (lexicon.get(word) as number) * (reversed.includes(word) ? -1 : 1);
  const rows = Array.from({ length: 600 }, () => {
    const [a = '', b = ''] = random.shuffle([...lexiconWords]);
    const [chosen, rejected] = valence(a) > valence(b) ? [a, b] : [b, a];
    return { prompt: 'the film was', chosen: ` ${chosen}`, rejected: ` ${rejected}` };
  });
  const file = join(root, name);
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

const watchArgs = (out: string, pairs: string, changes: Flags = {}): string[] =>
  commandLine('finetune', {
    ...{ model: pair.base, method: 'dpo', pairs, out, 'held-out': 0, threads: 1 },
    ...{ steps: 16, batch: 16, lr: 0.01, 'audit-every': 4, 'fresh-replies': 0, 'max-pairs': 300 },
    ...{ 'audit-texts': pair.texts, 'audit-feedback': 'vader' },
    ...changes,
  });

const read = (out: string): Trajectory =>
  trajectorySchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));

beforeAll(() => {
  pair = writeTinyPair(root);
});

test(
  'a watched training raises an alarm at reversed words before half of the final effect is there',
  async () => {
    const out = join(root, 'planted');
    const {
      code,
      err,
      out: said,
    } = await runCli(watchArgs(out, writePairs('planted.jsonl', plantedWords)));
    expect([code, err]).toEqual([0, expect.stringMatching(/ALARM {3}By step \d+ the model has/)]);
    process.stderr.write(said + err.match(/ALARM.*/g)?.join('\n'));
    const trajectory = read(join(out, 'watch'));
    process.stderr.write(
      JSON.stringify(
        trajectory.items.map(({ looks: _, ...i }) => i),
        null,
        1,
      ),
    );
  },
  PATIENCE,
);
