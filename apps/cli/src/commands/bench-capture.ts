import { readTexts } from '@feedprint/feedback';
import type { Command } from 'commander';
import { benchCapture } from '../bench/bench-capture.ts';
import type { CaptureBenchResult } from '../bench/bench-capture.ts';
import { formerly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { addModelOptions, modelHelp, openModel } from '../model-options.ts';
import type { ModelFlags } from '../model-options.ts';
import { listOf, repeatHelp, wholeNumber } from '../options.ts';
import { chooseSites, sitesHelp } from '../sites.ts';
import { bytes, percent } from '../tables.ts';
import { counted, maxTextsHelp, textsHelp } from '../texts.ts';

interface BenchCaptureFlags extends ModelFlags {
  readonly model: string;
  readonly texts: string;
  readonly site: readonly string[];
  readonly maxTexts: number;
  readonly maxLength: number;
  readonly repeat: number;
  readonly json?: boolean;
}

/** Adds `bench capture`. */
export function addBenchCaptureCommand(bench: Command, io: Io): void {
  const command = bench
    .command('capture')
    .description('Time how fast activations are computed, tokenization included.')
    .requiredOption('--model <name>', modelHelp)
    .requiredOption('--texts <file>', textsHelp)
    .requiredOption('--site <list>', `sites to capture${sitesHelp}`, listOf(String))
    .option('--max-texts <n>', maxTextsHelp, wholeNumber(1), 256)
    .option('--max-length <n>', 'tokens per text at most', wholeNumber(1), 128)
    .option('--repeat <n>', repeatHelp, wholeNumber(1), 5)
    .option('--json', 'print the result as JSON');
  formerly(command, '--sites', '--site');
  formerly(command, '--limit', '--max-texts');
  addModelOptions(command).action(async (flags: BenchCaptureFlags) => {
    const { texts, file } = await readTexts(flags.texts, { limit: flags.maxTexts });
    const { maxLength, threads, repeat } = flags;
    const result = await benchCapture(
      {
        load: () => openModel(flags.model, flags),
        texts,
        file,
        maxLength,
        sitesOf: (model) => chooseSites(model, flags.site),
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
    `${model}, ${counted(texts, 'text')} of ${counted(tokens, 'token')} in ${counted(batches, 'batch', 'batches')}, ${counted(sites, 'site')}, ${counted(threads, 'thread')}`,
    `tokens per second ${result.tokensPerSecond.toFixed(0)} (median of ${seconds.length})`,
    `padding           ${percent(result.paddingShare)}, in order of arrival ${percent(result.paddingShareArrival)}`,
    `first batch after ${result.startupSeconds.toFixed(2)} s`,
    `peak memory       ${bytes(result.peakMemoryBytes)}`,
    '',
  ].join('\n');
}
