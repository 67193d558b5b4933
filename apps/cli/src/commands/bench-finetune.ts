import { FeedprintError } from '@feedprint/core';
import type { Command } from 'commander';
import { benchFinetune, timedMethods } from '../bench/bench-finetune.ts';
import type { FinetuneBench, FinetuneBenchResult } from '../bench/bench-finetune.ts';
import { openTrainable } from '../finetune/open-trainable.ts';
import type { Io } from '../io.ts';
import { addHubOptions, modelHelp } from '../model-options.ts';
import { addThreadsOption, oneOf, wholeNumber } from '../options.ts';
import { bytes } from '../tables.ts';
import { counted } from '../texts.ts';

interface BenchFinetuneFlags extends FinetuneBench {
  readonly model: string;
  readonly json?: boolean;
  readonly revision?: string;
  readonly offline?: boolean;
}

/** Adds `bench finetune`. */
export function addBenchFinetuneCommand(bench: Command, io: Io): void {
  const command = bench
    .command('finetune')
    .description('Time the steps of full fine-tuning on made-up tokens.')
    .requiredOption('--model <name>', modelHelp)
    .option('--method <name>', `method: ${timedMethods.join(', ')}`, oneOf(...timedMethods), 'sft')
    .option('--batch <n>', 'sequences per step; dpo takes them as pairs', wholeNumber(2), 16)
    .option('--length <n>', 'tokens per sequence', wholeNumber(2), 128)
    .option('--steps <n>', 'steps to time, after one untimed', wholeNumber(1), 5)
    .option('--json', 'print the result as JSON');
  addThreadsOption(addHubOptions(command)).action(async (flags: BenchFinetuneFlags) => {
    const { method, batch, length, steps, threads } = flags;
    if (method === 'dpo' && batch % 2 !== 0) {
      throw refused(`${batch} sequences are not pairs`, 'give an even --batch');
    }
    const model = await openTrainable(flags.model, flags);
    try {
      const { contextLength } = model.info;
      if (length > contextLength) {
        throw refused(
          `sequences of ${length} tokens exceed the context of ${contextLength}`,
          'lower --length',
        );
      }
      const result = await benchFinetune(model, { method, batch, length, steps, threads }, () =>
        performance.now(),
      );
      io.out(flags.json ? `${JSON.stringify(result)}\n` : describe(result));
    } finally {
      await model.dispose();
    }
  });
}

const refused = (message: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'usage', message, remedy });

function describe(result: FinetuneBenchResult): string {
  const { model, method, batch, length, steps, threads } = result;
  return [
    `${model} by ${method}, ${counted(batch, 'sequence')} of ${counted(length, 'token')}, ${counted(threads, 'thread')}`,
    `median of ${counted(steps, 'step')}  ${(1000 * result.secondsPerStep).toFixed(0)} ms`,
    `tokens per second  ${result.tokensPerSecond.toFixed(0)}`,
    `peak memory        ${bytes(result.peakMemoryBytes)}`,
    '',
  ].join('\n');
}
