import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from '../src/program.ts';
import { formerly, usedOnly } from '../src/flag-rules.ts';
import { runCli } from './support/run-cli.ts';

const silent = {
  out: () => undefined,
  err: () => undefined,
  isTerminal: false,
  columns: 80,
  env: {},
  now: () => new Date(),
  signal: new AbortController().signal,
};

const leavesOf = (command: Command, path: readonly string[] = []): [string, Command][] =>
  command.commands.length === 0
    ? [[path.join(' '), command]]
    : command.commands.flatMap((each) => leavesOf(each, [...path, each.name()]));
const commands = leavesOf(createProgram(silent));
const flags = commands.flatMap(([name, { options }]) =>
  options.map((option) => ({ name, option, long: option.long ?? option.flags })),
);
const shown = flags.filter(({ option }) => !option.hidden);

describe('the flags of all commands', () => {
  test('are in the table of the README, each once', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| `(--[\w-]+)/gm)].map(([, flag]) => flag as string);
    expect(rows).toEqual([...new Set(rows)]);
    expect([...rows].sort()).toEqual([...new Set(shown.map(({ long }) => long))].sort());
  });

  test('of one name take the same kind of value, and a list only where several make sense', () => {
    const kinds = new Map<string, Set<string>>();
    for (const { option, long } of shown) {
      const [, value = ''] = /<(\w+)/.exec(option.flags) ?? [];
      // One site or several, a name or the folder that it names.
      const kind = value.replace(/^(list|name|dir|path)$/, 'name');
      kinds.set(long, (kinds.get(long) ?? new Set()).add(kind));
    }
    const several = [...kinds].filter(([, values]) => values.size > 1).map(([long]) => long);
    // A file of triples, and folders of everything else.
    expect(several).toEqual(['--out']);
  });

  test('have none of the former names, which stay for a release', () => {
    const former = flags.filter(({ option }) => option.hidden).map(({ long }) => long);
    expect([...new Set(former)].sort()).toEqual([
      '--d-sae',
      '--from',
      '--limit',
      '--max-tokens',
      '--new-tokens',
      '--pairs',
      '--presets',
      '--prompt-length',
      '--prompts',
      '--rows',
      '--sites',
    ]);
    for (const name of ['--limit', '--sites', '--from', '--max-tokens', '--new-tokens']) {
      expect(shown.map(({ long }) => long)).not.toContain(name);
    }
  });

  test('are explained without "Say", "a token" and the like', () => {
    const help = commands.map(([, command]) => command.helpInformation()).join('\n');
    expect(help).not.toMatch(/^Say |\ba (token|second|step)\b(?! of| is)|with commas/im);
  });
});

describe('a former flag', () => {
  const made = async (args: readonly string[]): Promise<{ said: string; given: unknown }> => {
    let said = '';
    const program = createProgram({ ...silent, err: (text) => (said += text) });
    const command = program
      .command('try')
      .option('--max-texts <n>', 'texts', Number, 7)
      .option('--site <list>', 'sites', (text: string) => text.split(','));
    formerly(command, '--limit', '--max-texts');
    formerly(command, '--sites', '--site').action(() => undefined);
    command.copyInheritedSettings(program);
    await program.parseAsync(['try', ...args], { from: 'user' }).catch(() => undefined);
    return { said, given: command.opts() };
  };

  test('fills the new one, parsed alike, and says its name', async () => {
    expect(await made(['--limit', '3', '--sites', 'a,b'])).toEqual({
      said:
        'note: --limit is called --max-texts now; the next release drops the old name\n' +
        'note: --sites is called --site now; the next release drops the old name\n',
      given: { maxTexts: 3, site: ['a', 'b'] },
    });
    expect((await made([])).given).toEqual({ maxTexts: 7 });
  });

  test.each([[['--limit', '3', '--max-texts', '4']], [['--max-texts', '4', '--limit', '3']]])(
    'is refused beside the new one: %p',
    async (args) => {
      expect((await made(args)).said).toMatch(
        /error: --limit is the former name of --max-texts; give --max-texts alone\n/,
      );
    },
  );

  test('stands for a flag that must be given', async () => {
    const { code, err } = await runCli(['bench', 'planted', '--pairs', 'nowhere']);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/--model-pairs now.*\nerror: .*nowhere/),
    ]);
  });
});

test('a rule about a flag that there is not is a bug', async () => {
  const program = createProgram(silent);
  const command = program.command('try').action(() => undefined);
  usedOnly(command, ['--no-such'], { when: () => false, otherwise: 'at all', remedy: 'add one' });
  await expect(program.parseAsync(['try'], { from: 'user' })).rejects.toMatchObject({
    code: 'internal',
  });
});

const audit = ['audit', '--base', 'b', '--tuned', 't', '--feedback', 'vader', '--out', 'o'];
const triples = ['feedback', 'triples', '--texts', 'x', '--out', 'o'];

describe('a flag that would be ignored is refused:', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['--max-pairs', [...audit, '--texts', 'x', '--max-pairs', '2'], /without --pairs; add --pairs/],
    ['--labeler-model', [...audit, '--labeler-model', 'm'], /without --labeler openai; add/],
    ['--labeler-url', ['demo', '--labeler-url', 'http://x'], /without --labeler openai; add/],
    [
      '--revision',
      [...audit, '--base', '.', '--tuned', '.', '--revision', 'v1'],
      /model on the hub/,
    ],
    ['--revision', ['inspect', '--model', 'a/b@v2', '--revision', 'v1'], /has no @revision/],
    [
      '--chat',
      ['inspect', '--model', 'm', '--ids', '1', '--chat'],
      /without a text to wrap; add --text/,
    ],
    ['--logits', ['inspect', '--model', 'm', '--logits'], /add --text or --ids/],
    [
      '--seed',
      ['generate', '--model', 'm', '--prompt', 'p', '--temperature', '0', '--seed', '1'],
      /at --temperature 0.*; raise --temperature/,
    ],
    [
      '--top-k',
      ['generate', '--model', 'm', '--prompt', 'p', '--temperature', '0', '--top-k', '1'],
      /at --temperature 0/,
    ],
    [
      '--max-texts',
      ['divergence', '--base', 'b', '--tuned', 't', '--max-texts', '3'],
      /without texts/,
    ],
    [
      '--chat',
      ['feedback', 'score', '--signal', 'judge', '--texts', 'x', '--chat'],
      /without --signal reward-model/,
    ],
    [
      '--lexicon',
      ['feedback', 'score', '--signal', 'judge', '--texts', 'x', '--lexicon', 'vader'],
      /without --signal vader or vader-text/,
    ],
    [
      '--device',
      ['feedback', 'score', '--signal', 'vader', '--texts', 'x', '--device', 'cpu'],
      /without --signal reward-model/,
    ],
    [
      '--rubric',
      ['feedback', 'score', '--signal', 'vader', '--texts', 'x', '--rubric', 'r'],
      /without --signal judge/,
    ],
    ['--seed', [...triples, '--rewrite', '--seed', '1'], /with --rewrite/],
    ['--check', [...triples, '--check'], /without --rewrite; add --rewrite/],
  ])('%s in %p', async (flag, args, says) => {
    const { code, out, err } = await runCli(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(
      new RegExp(
        `^error: ${flag} does nothing ${says.source}.*, or leave ${flag} out\n`.replace(
          'nothing ',
          'nothing .*',
        ),
      ),
    );
  });
});

describe('a misspelt flag', () => {
  test('is named, with what may be meant, before the one that is then missing', async () => {
    const { code, err } = await runCli(['audit', '--bsae', 'b', '--feedback', 'vader']);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/unknown option '--bsae'\n\(Did you mean --base\?\)/),
    ]);
    expect((await runCli(['sae', 'train', '--tokns', '3'])).err).toMatch(
      /'--tokns'\n\(Did you mean --tokens\?\)/,
    );
  });

  test('does not hide the help, nor a missing flag by itself', async () => {
    expect((await runCli(['audit', '--bsae', 'b', '--help'])).out).toMatch(
      /^Usage: feedprint audit/,
    );
    expect((await runCli(['audit', '--tuned', 'b'])).err).toMatch(
      /^error: an audit needs --base and --out and --feedback, --pairs or --ratings; pass flags/,
    );
  });
});

test('the version is printed for -v, -V and --version', async () => {
  for (const flag of ['-v', '-V', '--version']) {
    expect(await runCli([flag])).toEqual({ code: 0, out: '0.0.0\n', err: '' });
  }
});

test('demo states its own defaults', async () => {
  const { out } = await runCli(['demo', '--help']);
  expect(out.replaceAll(/\s+/g, ' ')).toMatch(
    /--sae-tokens <n>[^-]*default: 60000.*--change-tokens <n>.*default: 15000/,
  );
  const { out: other } = await runCli(['audit', '--help']);
  expect(other.replaceAll(/\s+/g, ' ')).toMatch(/default: 200000.*default: 40000/);
});
