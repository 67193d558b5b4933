import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { auditPresets } from '@feedprint/recipes';
import type { Preset } from '@feedprint/recipes';
import type { Command } from 'commander';
import { benchPair } from '../bench/planted/bench-planted.ts';
import type { PairScore } from '../bench/planted/bench-planted.ts';
import { findPair } from '../bench/planted/find-pairs.ts';
import { formatScores } from '../bench/planted/format-scores.ts';
import type { Io } from '../io.ts';
import { addThreadsOption, listOf, oneOf, wholeNumber } from '../options.ts';
import { createProgressReporter } from '../progress.ts';

interface BenchPlantedFlags {
  readonly pairs: readonly string[];
  readonly base?: string;
  readonly texts?: string;
  readonly out?: string;
  readonly presets?: readonly Preset[];
  readonly seed: number;
  readonly layers?: number;
  readonly maxTexts?: number;
  readonly saeTokens?: number;
  readonly threads: number;
  readonly json?: boolean;
}

/** Adds `bench planted`. */
export function addBenchPlantedCommand(bench: Command, io: Io): void {
  const command = bench
    .command('planted')
    .description('Score every estimator on tuned models whose mis-learned feedback is known.')
    .requiredOption(
      '--pairs <dir...>',
      'folders of tuned models, each with a feedback.json that lists the reversed words',
    )
    .option('--base <dir>', 'what they were tuned from (default: the checkpoint beside each)')
    .option(
      '--texts <file>',
      'texts to compare the models on (default: texts.jsonl beside a pair, or texts that its base writes)',
    )
    .option('--out <dir>', 'folder of the runs, kept; an interrupted one continues')
    .option(
      '--presets <list>',
      `with commas: ${auditPresets.join(', ')} (default: both)`,
      listOf(oneOf(...auditPresets)),
    )
    .option('--seed <n>', 'seed of every random choice', wholeNumber(0, 0xffff_ffff), 0)
    .option('--layers <n>', 'most-diverged layers to look into (default: 5)', wholeNumber(1))
    .option('--max-texts <n>', 'read this many texts at most', wholeNumber(1))
    .option('--sae-tokens <n>', 'activations that each SAE sees in training', wholeNumber(1))
    .option('--json', 'print the result as JSON');
  addThreadsOption(command).action(async (flags: BenchPlantedFlags) => {
    const pairs = flags.pairs.map((folder) => findPair(folder, flags.base));
    const twice = pairs.find(({ name }, i) => pairs.findIndex((pair) => pair.name === name) < i);
    if (twice) {
      throw new FeedprintError({
        code: 'usage',
        message: `two pairs are named ${twice.name}`,
        remedy: 'give each pair once, in folders of different names',
      });
    }
    const out = flags.out ?? mkdtempSync(join(tmpdir(), 'feedprint-bench-'));
    const progress = createProgressReporter(io);
    const scores: PairScore[] = [];
    try {
      for (const pair of pairs) {
        io.err(`${pair.name}\n`);
        scores.push(
          await benchPair(pair, {
            ...flags,
            presets: flags.presets ?? auditPresets,
            out,
            settings: {
              seed: flags.seed,
              ...(flags.layers !== undefined && { layers: flags.layers }),
              ...(flags.maxTexts !== undefined && { maxTexts: flags.maxTexts }),
            },
            signal: io.signal,
            onEvent: progress.event,
          }),
        );
      }
    } finally {
      progress.stop();
      if (flags.out === undefined) rmSync(out, { recursive: true, force: true });
    }
    io.out(flags.json ? `${JSON.stringify({ pairs: scores })}\n` : formatScores(scores));
  });
}
