import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { FeedprintError } from '@feedprint/core';
import { makeOwnFolder } from '@feedprint/core/files';
import { auditPresets } from '@feedprint/recipes';
import type { Preset } from '@feedprint/recipes';
import type { Command } from 'commander';
import { rate } from '../bench/format-figures.ts';
import { benchPlanted, plantedSteps } from '../bench/planted/bench-planted.ts';
import { findPair } from '../bench/planted/find-pairs.ts';
import { formatResult } from '../bench/planted/format-result.ts';
import type { PlantedBench } from '../bench/planted/pair-runs.ts';
import { withBenchRun } from '../bench/with-bench-run.ts';
import type { BenchTalk } from '../bench/with-bench-run.ts';
import { commandLine } from '../command-line.ts';
import { formerly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { addThreadsOption, layersHelp, listOf, oneOf, seedHelp, wholeNumber } from '../options.ts';
import { createProgressReporter } from '../progress.ts';
import { maxTextsHelp } from '../texts.ts';

interface BenchPlantedFlags {
  readonly modelPairs: readonly string[];
  readonly base?: string;
  readonly texts?: string;
  readonly out?: string;
  readonly preset?: readonly Preset[];
  readonly seed: number;
  readonly layers?: number;
  readonly maxTexts?: number;
  readonly saeTokens?: number;
  readonly quick?: boolean;
  readonly placebos: boolean;
  readonly samples: number;
  readonly threads: number;
  readonly json?: boolean;
}

/** Adds `bench planted`. */
export function addBenchPlantedCommand(bench: Command, io: Io): void {
  const command = bench
    .command('planted')
    .description(
      'Score every method on tuned models whose mislearned feedback is known, and on placebos.',
    )
    .requiredOption(
      '--model-pairs <dir...>',
      'folders of tuned models, each with a feedback.json that lists the reversed words',
    )
    .option('--base <dir>', 'model they were tuned from (default: the checkpoint beside each)')
    .option(
      '--texts <file>',
      'texts to compare the models on (default: texts.jsonl beside each, or texts that its base writes)',
    )
    .option('--out <dir>', 'folder that keeps the runs; an interrupted one continues')
    .option(
      '--preset <list>',
      `where defaults come from, separated by commas: ${auditPresets.join(', ')} (default: both)`,
      listOf(oneOf(...auditPresets)),
    )
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .option('--layers <n>', layersHelp(5), wholeNumber(1))
    .option('--max-texts <n>', maxTextsHelp, wholeNumber(1))
    .option(
      '--sae-tokens <n>',
      'activations to train each SAE on (default: 200000)',
      wholeNumber(1),
    )
    .option('--quick', 'leave out what needs dictionaries')
    .option('--no-placebos', 'make no models that cannot have learned the feedback')
    .option(
      '--samples <n>',
      'texts that a model writes, to see what it learned by what it says; 0 for none',
      wholeNumber(0),
      2000,
    )
    .option('--json', 'print the result as JSON');
  formerly(command, '--pairs', '--model-pairs');
  formerly(command, '--presets', '--preset');
  addThreadsOption(command).action(async (flags: BenchPlantedFlags) => {
    const pairs = flags.modelPairs.map((folder) => findPair(folder, flags.base));
    const twice = pairs.find(({ name }, i) => pairs.findIndex((pair) => pair.name === name) < i);
    if (twice) {
      throw new FeedprintError({
        code: 'usage',
        message: `two model pairs are named ${twice.name}`,
        remedy: 'give each pair once, in folders of different names',
      });
    }
    const out = flags.out ?? makeOwnFolder(tmpdir(), 'feedprint-bench-');
    const progress = createProgressReporter(io);
    try {
      const bench: PlantedBench = {
        ...flags,
        presets: flags.preset ?? auditPresets,
        quick: flags.quick ?? false,
        out,
        settings: {
          seed: flags.seed,
          ...(flags.layers !== undefined && { layers: flags.layers }),
          ...(flags.maxTexts !== undefined && { maxTexts: flags.maxTexts }),
        },
        signal: io.signal,
        onEvent: progress.event,
        say: progress.say,
      };
      const work = (talk: BenchTalk) => benchPlanted(pairs, { ...bench, ...talk });
      const { presets, quick, samples, placebos, threads, settings } = bench;
      const result =
        flags.out === undefined
          ? await work(bench)
          : await withBenchRun(
              {
                ...{ bench: 'planted', out, command: commandLine(command) },
                settings: {
                  ...settings,
                  presets: presets.join(', '),
                  quick,
                  samples,
                  placebos,
                  threads,
                },
                models: pairs.map(({ name }) => name),
                steps: plantedSteps(pairs, bench),
                headline: ({ summary: { recall, falseDiscovery } }) =>
                  `Planted words found: ${rate(recall.pairs)}. Flagged words that were not planted: ${rate(falseDiscovery.pairs)}.`,
              },
              io,
              bench,
              work,
            );
      io.out(flags.json ? `${JSON.stringify(result)}\n` : formatResult(result));
    } finally {
      progress.stop();
      if (flags.out === undefined) rmSync(out, { recursive: true, force: true });
    }
  });
}
