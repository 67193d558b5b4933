import { FeedprintError } from '@feedprint/core';
import type { Command } from 'commander';
import { benchGenerate } from '../bench/bench-generate.ts';
import type { GenerateBench, GenerateBenchResult } from '../bench/bench-generate.ts';
import type { Io } from '../io.ts';
import { addModelOptions, modelHelp, openModel } from '../model-options.ts';
import type { ModelFlags } from '../model-options.ts';
import { decimal, wholeNumber } from '../options.ts';

interface BenchGenerateFlags extends ModelFlags, GenerateBench {
  readonly model: string;
  readonly json?: boolean;
}

/** Adds `bench generate`. */
export function addBenchGenerateCommand(bench: Command, io: Io): void {
  const command = bench
    .command('generate')
    .description('Time how fast a model continues made-up prompts.')
    .requiredOption('--model <name>', modelHelp)
    .option('--prompts <n>', 'prompts', wholeNumber(1), 16)
    .option('--prompt-length <n>', 'tokens of each prompt', wholeNumber(1), 32)
    .option('--new-tokens <n>', 'tokens to add to each', wholeNumber(1), 64)
    .option('--batch <n>', 'prompts continued together', wholeNumber(1), 16)
    .option('--temperature <t>', '0 takes the most probable token', decimal({ zero: true }), 0)
    .option('--repeat <n>', 'times to do it all; the median counts', wholeNumber(1), 3)
    .option('--json', 'print the result as JSON');
  addModelOptions(command).action(async (flags: BenchGenerateFlags) => {
    const { prompts, promptLength, newTokens, batch, temperature, repeat, threads } = flags;
    const model = await openModel(flags.model, flags);
    try {
      const { contextLength } = model.info;
      if (promptLength + newTokens > contextLength) {
        throw new FeedprintError({
          code: 'usage',
          message: `${promptLength} and ${newTokens} tokens are more than the context of ${contextLength}`,
          remedy: 'lower --prompt-length or --new-tokens',
        });
      }
      const result = await benchGenerate(
        model,
        { prompts, promptLength, newTokens, batch, temperature, repeat, threads },
        () => performance.now(),
      );
      io.out(flags.json ? `${JSON.stringify(result)}\n` : describe(result));
    } finally {
      await model.dispose();
    }
  });
}

function describe(result: GenerateBenchResult): string {
  const { model, prompts, promptLength, newTokens, batch, threads } = result;
  return [
    `${model}, ${prompts} prompts of ${promptLength} tokens and ${newTokens} new ones, ${batch} at a time, ${threads} threads`,
    `new tokens         ${result.tokens}`,
    `median             ${result.seconds.toFixed(3)} s`,
    `tokens a second    ${result.tokensPerSecond.toFixed(0)}`,
    '',
  ].join('\n');
}
