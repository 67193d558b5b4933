import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { FeedprintError } from '@feedprint/core';
import { makeOwnFolder } from '@feedprint/core/files';
import type { Command } from 'commander';
import { benchPlantedReplies } from '../bench/planted-replies/bench-planted-replies.ts';
import { rate } from '../bench/format-figures.ts';
import { findModel } from '../bench/planted-replies/find-models.ts';
import { formatReplies } from '../bench/planted-replies/format-result.ts';
import type { RepliesBench } from '../bench/planted-replies/replies-bench.ts';
import { withBenchRun } from '../bench/with-bench-run.ts';
import type { BenchTalk } from '../bench/with-bench-run.ts';
import { commandLine } from '../command-line.ts';
import type { Io } from '../io.ts';
import { addThreadsOption, seedHelp, wholeNumber } from '../options.ts';
import { createProgressReporter } from '../progress.ts';

interface BenchPlantedRepliesFlags {
  readonly modelPairs: readonly string[];
  readonly base?: string;
  readonly out?: string;
  readonly freshReplies?: number;
  readonly seed: number;
  readonly threads: number;
  readonly repair?: boolean;
  readonly json?: boolean;
}

/** Adds `bench planted-replies`. */
export function addBenchPlantedRepliesCommand(bench: Command, io: Io): void {
  const command = bench
    .command('planted-replies')
    .description(
      'Score what audits say of properties of replies on tuned models of which it is known what they learned.',
    )
    .requiredOption(
      '--model-pairs <dir...>',
      'folders of tuned models that feedprint plant has written, with their pairs and feedback.json',
    )
    .option('--base <dir>', 'model they were tuned from (default: the checkpoint beside each)')
    .option('--out <dir>', 'folder that keeps the runs; an interrupted one continues')
    .option(
      '--fresh-replies <n>',
      'replies that each model writes to prompts of the pairs (default: as an audit)',
      wholeNumber(2),
    )
    .option(
      '--repair',
      'also repair the pairs of each model that DPO has tuned on them, and tune its base again: takes minutes for each',
    )
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .option('--json', 'print the result as JSON');
  addThreadsOption(command).action(async (flags: BenchPlantedRepliesFlags) => {
    const { seed, freshReplies, threads } = flags;
    const models = flags.modelPairs.map((folder) => findModel(folder, flags.base));
    const twice = models.find(({ name }, i) => models.findIndex((one) => one.name === name) < i);
    if (twice) {
      throw new FeedprintError({
        code: 'usage',
        message: `two models are named ${twice.name}`,
        remedy: 'give each model once, in folders of different names',
      });
    }
    const out = flags.out ?? makeOwnFolder(tmpdir(), 'feedprint-bench-');
    const progress = createProgressReporter(io);
    try {
      const bench: RepliesBench = {
        ...{ out, threads, repair: flags.repair === true, signal: io.signal },
        settings: { seed, ...(freshReplies !== undefined && { freshReplies }) },
        onEvent: progress.event,
        say: progress.say,
      };
      const work = (talk: BenchTalk) => benchPlantedReplies(models, { ...bench, ...talk });
      const { settings, repair } = bench;
      const result =
        flags.out === undefined
          ? await work(bench)
          : await withBenchRun(
              {
                ...{ bench: 'planted-replies', out, command: commandLine(command) },
                settings: { ...settings, repair, threads },
                models: models.map(({ name }) => name),
                steps: models.length,
                headline: ({ summary: { found, verdictRight } }) =>
                  `Learned properties found: ${rate(found)}. Verdicts right: ${rate(verdictRight)}.`,
              },
              io,
              bench,
              work,
            );
      io.out(flags.json ? `${JSON.stringify(result)}\n` : formatReplies(result));
    } finally {
      progress.stop();
      if (flags.out === undefined) rmSync(out, { recursive: true, force: true });
    }
  });
}
