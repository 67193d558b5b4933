import { readTexts } from '@feedprint/feedback';
import type { Command } from 'commander';
import { benchCapture } from '../bench/bench-capture.ts';
import type { CaptureBenchResult } from '../bench/bench-capture.ts';
import type { Io } from '../io.ts';
import { addModelOptions, modelHelp, openModel } from '../model-options.ts';
import type { ModelFlags } from '../model-options.ts';
import { listOf, wholeNumber } from '../options.ts';
import { chooseSites } from '../sites.ts';
import { bytes, percent } from '../tables.ts';
import { textsHelp } from '../texts.ts';

interface BenchCaptureFlags extends ModelFlags {
  readonly model: string;
  readonly texts: string;
  readonly sites: readonly string[];
  readonly limit: number;
  readonly maxLength: number;
  readonly repeat: number;
  readonly json?: boolean;
}

/** Adds `bench capture`. */
export function addBenchCaptureCommand(bench: Command, io: Io): void {
  const command = bench
    .command('capture')
    .description('Time how fast activations are computed, tokenising included.')
    .requiredOption('--model <name>', modelHelp)
    .requiredOption('--texts <file>', textsHelp)
    .requiredOption(
      '--sites <list>',
      'sites to capture, with commas; * stands for anything',
      listOf(String),
    )
    .option('--limit <n>', 'texts to read', wholeNumber(1), 256)
    .option('--max-length <n>', 'tokens of a text', wholeNumber(1), 128)
    .option('--repeat <n>', 'times to do it all; the median counts', wholeNumber(1), 5)
    .option('--json', 'print the result as JSON');
  addModelOptions(command).action(async (flags: BenchCaptureFlags) => {
    const { texts, file } = await readTexts(flags.texts, { limit: flags.limit });
    const { maxLength, threads, repeat } = flags;
    const result = await benchCapture(
      {
        load: () => openModel(flags.model, flags),
        texts,
        file,
        maxLength,
        sitesOf: (model) => chooseSites(model, flags.sites),
        threads,
        repeat,
      },
      () => performance.now(),
    );
    io.out(flags.json ? `${JSON.stringify(result)}\n` : describe(result));
  });
}

function describe(result: CaptureBenchResult): string {
  const { model, texts, tokens, sites, batches, threads, seconds } = result;
  return [
    `${model}, ${texts} texts of ${tokens} tokens in ${batches} batches, ${sites} sites, ${threads} threads`,
    `tokens a second   ${result.tokensPerSecond.toFixed(0)} (median of ${seconds.length})`,
    `padding           ${percent(result.paddingShare)}, in order of arrival ${percent(result.paddingShareArrival)}`,
    `first batch after ${result.startupSeconds.toFixed(2)} s`,
    `memory at most    ${bytes(result.peakMemoryBytes)}`,
    '',
  ].join('\n');
}
