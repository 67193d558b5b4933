import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { auditArgs } from './support/flags.ts';
import { freshPath, pair, testRefusals } from './support/refusals.ts';
import type { Refusal } from './support/refusals.ts';
import { runCli } from './support/run-cli.ts';
import { hashesIn } from './support/temporary-folder.ts';

describe('feedprint audit, given', () => {
  testRefusals([
    {
      name: 'an output folder below a file',
      flags: () => ({ out: join(pair.texts, 'run') }),
      code: 1,
      says: /cannot write.*; /,
    },
    {
      name: 'the openai labeler without a key',
      flags: () => ({ labeler: 'openai' }),
      code: 1,
      says: /no API key for api.openai.com; set the environment variable OPENAI_API_KEY/,
    },
    {
      name: 'an address of a labeler that is none',
      flags: () => ({ labeler: 'openai', 'labeler-url': 'file:///etc/passwd' }),
      code: 2,
      says: /baseURL is not an http or https address; pass one/,
    },
    {
      name: 'a labeler model without a name',
      flags: () => ({
        labeler: 'openai',
        'labeler-model': '',
        'labeler-url': 'http://127.0.0.1:1',
      }),
      code: 2,
      says: /model/,
    },
    { name: 'an unknown flag', flags: () => ({ colour: 'red' }), code: 2, says: /--colour/ },
    { name: 'a missing flag', flags: () => ({ texts: undefined }), code: 2, says: /--texts/ },
    {
      name: 'feedback that is neither known nor a file',
      flags: () => ({ feedback: 'stars' }),
      code: 2,
      says: /the lexicon stars cannot be read \(ENOENT\); check the path/,
    },
    {
      name: 'a lexicon that is none',
      flags: () => ({ feedback: pair.texts }),
      code: 2,
      says: /is no feedback: .*hold no rated reply/,
    },
    {
      name: 'feedback on replies without pairs',
      flags: () => ({ feedback: 'vader-text' }),
      code: 2,
      says: /--feedback does nothing without pairs of replies \(--pairs\)/,
    },
    {
      name: 'a judge that is none',
      flags: () => ({ feedback: 'judge' }),
      code: 2,
      says: /there is no chat model to judge replies; name one \(--judge-model\)/,
    },
    {
      name: 'a rubric that nobody grades by',
      flags: () => ({ rubric: 'Is it kind?' }),
      code: 2,
      says: /--rubric does nothing without --feedback judge/,
    },
    ...[{ labeler: 'openai' }, { labeler: 'offline' }, { siblings: 'other' }].map(
      (flags): Refusal => {
        const [flag] = Object.keys(flags);
        return {
          name: `--${flag} without feedback on words`,
          flags: () => ({ feedback: undefined, pairs: 'pairs.jsonl', ...flags }),
          code: 2,
          says: new RegExp(
            `--${flag} does nothing without feedback on words \\(--feedback vader\\)`,
          ),
        };
      },
    ),
    {
      name: 'what was told of replies without pairs',
      flags: () => ({ told: 'told.json' }),
      code: 2,
      says: /--told does nothing without --pairs or --ratings/,
    },
    {
      name: 'pairs and ratings at once',
      flags: () => ({ feedback: undefined, pairs: 'pairs.jsonl', ratings: 'ratings.jsonl' }),
      code: 2,
      says: /takes either pairs or ratings; leave out --ratings/,
    },
    {
      name: 'a sample of pairs with ratings',
      flags: () => ({ feedback: undefined, ratings: 'ratings.jsonl', 'max-pairs': 3 }),
      code: 2,
      says: /--max-pairs does nothing without --pairs/,
    },
    {
      name: 'a preset that is not known',
      flags: () => ({ preset: 'fast' }),
      code: 2,
      says: /'fast' is invalid. It must be one of default, paper/,
    },
    ...['-1', '1.5', 'x', '', '1e3', '9'.repeat(20)].map((seed): Refusal => ({
      name: `the seed ${JSON.stringify(seed)}`,
      flags: () => ({ seed }),
      code: 2,
      says: /must be a whole number of at least 0|argument missing/,
    })),
    {
      name: 'a seed of more than 32 bits',
      flags: () => ({ seed: 2 ** 40 }),
      code: 2,
      says: /--seed.*at least 0 and at most 4294967295/,
    },
    {
      name: 'a sample that trains nothing',
      flags: () => ({ 'sample-tokens': 1 }),
      code: 2,
      says: /at least 1000/,
    },
    {
      name: 'more layers than the model has',
      flags: () => ({ layers: 99 }),
      code: 2,
      says: /99 layers were asked for, and tuned has 2; ask for 2 at most \(--layers\)/,
    },
    {
      name: 'a device that does not work here',
      flags: () => ({ device: process.platform === 'win32' ? 'coreml' : 'dml' }),
      code: 1,
      says: /the device (dml|coreml) does not work here .*; or use the device cpu/,
    },
    {
      name: 'a hub model of a revision that is not in the cache',
      flags: () => ({ base: 'no-body/no-model', revision: 'v7', offline: true }),
      code: 1,
      says: /no-body\/no-model at v7 is not complete in the cache/,
    },
    { name: 'no layers', flags: () => ({ layers: 0 }), code: 2, says: /at least 1/ },
    { name: 'no threads', flags: () => ({ threads: 0 }), code: 2, says: /at least 1/ },
    { name: 'no texts', flags: () => ({ 'max-texts': 0 }), code: 2, says: /at least 1/ },
  ]);

  test('an output folder with something else in it, says so and leaves it alone', async () => {
    const out = freshPath();
    mkdirSync(out);
    writeFileSync(join(out, 'thesis.txt'), 'years of work');
    const { code, err } = await runCli(auditArgs(pair, out));
    expect(code).toBe(1);
    expect(err).toMatch(
      /^error: .*is not empty and is not a run; choose a new or empty folder.*\n$/,
    );
    expect(Object.keys(hashesIn(out))).toEqual(['thesis.txt']);
    expect(readFileSync(join(out, 'thesis.txt'), 'utf8')).toBe('years of work');
  });

  test('no command or an unknown one, says how to get help', async () => {
    expect((await runCli([])).code).toBe(2);
    const { code, err } = await runCli(['audti']);
    expect(code).toBe(2);
    expect(err).toMatch(/unknown command 'audti'/);
  });

  test('--help and --version, answers on stdout and is done', async () => {
    const help = await runCli(['audit', '--help']);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toMatch(/--base <name>[^]*--tuned <name>[^]*--texts <file>/);
    expect(await runCli(['--version'])).toMatchObject({ code: 0, out: '0.0.0\n' });
  });
});
