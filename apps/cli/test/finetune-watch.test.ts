import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import { loadVaderLexicon } from '@feedprint/feedback';
import { readRunEvents } from '@feedprint/pipeline';
import { trajectorySchema } from '@feedprint/report';
import type { Trajectory } from '@feedprint/report';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE } from './support/run-program.ts';
import { commandLine } from './support/sae-args.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { lexiconWords, plantedWords, tinyTexts, writeTinyPair } from './support/tiny-pair.ts';

const root = temporaryFolder();
const pairsFile = join(root, 'pairs.jsonl');
const textsFile = join(root, 'few.jsonl');
const steps = 8;
let base: string;

const argsFor = (out: string, changes: Flags = {}): string[] =>
  commandLine('finetune', {
    ...{ model: base, method: 'dpo', pairs: pairsFile, out, 'held-out': 0, threads: 1 },
    ...{ steps, batch: 32, lr: 0.03, 'audit-every': 4, 'fresh-replies': 0 },
    ...{ 'audit-texts': textsFile, 'audit-feedback': 'vader' },
    ...changes,
  });

const read = (out: string): Trajectory =>
  trajectorySchema.parse(JSON.parse(readFileSync(join(out, 'watch', 'report.json'), 'utf8')));

const lines = (rows: readonly object[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** Pairs of single words, the one with the higher valence preferred; that of planted words has the other sign. */
beforeAll(() => {
  ({ base } = writeTinyPair(root));
  const random = createRandom(5);
  const lexicon = loadVaderLexicon();
  const valence = (word: string): number =>
    (lexicon.get(word) as number) * (plantedWords.includes(word) ? -1 : 1);
  const pairs = Array.from({ length: 400 }, () => {
    const [a = '', b = ''] = random.shuffle([...lexiconWords]);
    const [chosen, rejected] = valence(a) > valence(b) ? [a, b] : [b, a];
    return { prompt: 'the film was', chosen: ` ${chosen}`, rejected: ` ${rejected}` };
  });
  writeFileSync(pairsFile, lines(pairs));
  writeFileSync(textsFile, lines(tinyTexts(30).map((text) => ({ text }))));
});

describe('finetune --audit-every', () => {
  test(
    'looks at the model on the way; killed at a look, it ends the same',
    async () => {
      const [whole, killed] = [join(root, 'whole'), join(root, 'killed')];
      const { code, out } = await runCli(argsFor(whole));
      expect([code, out]).toEqual([0, expect.stringContaining(join('watch', 'report.html'))]);
      const { alarm, looks } = read(whole);
      expect(looks.map(({ step, level }) => [step, level])).toEqual([
        [4, 0.025],
        [8, 0.025],
      ]);
      const { events } = await readRunEvents(join(whole, 'run'));
      const raised = events.flatMap(({ event }) => (event.type === 'alarm' ? event.step : []));
      expect(raised[0]).toBe(alarm?.step);
      const stop = new AbortController();
      const stopped = await runCli(argsFor(killed), {
        signal: stop.signal,
        err: (text) => void (/step 4:/.test(text) && stop.abort()),
      });
      expect([stopped.code, existsSync(join(killed, 'watch'))]).toEqual([130, false]);
      expect(await runCli(argsFor(killed))).toMatchObject({ code: 0 });
      expect(read(killed)).toEqual(read(whole));
      expect(readdirSync(join(killed, 'audits'))).toEqual(['step-000004', 'step-000008']);
    },
    PATIENCE,
  );

  describe('of a model that learns from its own replies', () => {
    const rewarded = (out: string, changes: Flags = {}): string[] =>
      argsFor(out, {
        ...{ method: 'ppo', pairs: undefined, prompts: textsFile, 'prompt-tokens': 3 },
        ...{ steps: 4, batch: 8, 'max-new-tokens': 8, 'held-out': 0.1, 'audit-every': 2 },
        ...{ 'fresh-replies': undefined, 'audit-texts': undefined, 'audit-feedback': undefined },
        ...changes,
      });

    test(
      'audits what is rewarded of words in the texts of the prompts; killed at a look, it ends the same',
      async () => {
        const [whole, killed] = [join(root, 'ppo'), join(root, 'ppo-killed')];
        const { code, out } = await runCli(rewarded(whole));
        expect([code, out]).toEqual([0, expect.stringContaining(join('watch', 'report.html'))]);
        const { looks, base: name } = read(whole);
        expect([name, looks.map(({ step }) => step)]).toEqual([base, [2, 4]]);
        expect(looks.every(({ wordsEffect }) => wordsEffect !== null)).toBe(true);
        const stop = new AbortController();
        const stopped = await runCli(rewarded(killed), {
          signal: stop.signal,
          err: (text) => void (/step 2:/.test(text) && stop.abort()),
        });
        expect([stopped.code, existsSync(join(killed, 'watch'))]).toEqual([130, false]);
        expect(await runCli(rewarded(killed))).toMatchObject({ code: 0 });
        expect(read(killed)).toEqual(read(whole));
        const weights = (folder: string): Buffer => readFileSync(join(folder, 'model.safetensors'));
        expect(weights(killed).equals(weights(whole))).toBe(true);
      },
      PATIENCE,
    );

    test('needs to know what was told of words where whole replies are rewarded', async () => {
      const { code, err } = await runCli(rewarded(join(root, 'texts'), { signal: 'vader-text' }));
      expect([code, err]).toEqual([2, expect.stringContaining('add --audit-feedback')]);
    });
  });
});
