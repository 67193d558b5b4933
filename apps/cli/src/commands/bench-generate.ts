import { FeedprintError } from '@feedprint/core';
import type { Command } from 'commander';
import { benchGenerate } from '../bench/bench-generate.ts';
import type { GenerateBenchResult } from '../bench/bench-generate.ts';
import { formerly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { addModelOptions, modelHelp, openModel } from '../model-options.ts';
import type { ModelFlags } from '../model-options.ts';
import { decimal, repeatHelp, temperatureHelp, wholeNumber } from '../options.ts';
import { counted } from '../texts.ts';

interface BenchGenerateFlags extends ModelFlags {
  readonly model: string;
  readonly promptCount: number;
  readonly promptTokens: number;
  readonly maxNewTokens: number;
  readonly batch: number;
  readonly temperature: number;
  readonly repeat: number;
  readonly json?: boolean;
}

/** Adds `bench generate`. */
export function addBenchGenerateCommand(bench: Command, io: Io): void {
  const command = bench
    .command('generate')
    .description('Time how fast a model continues made-up prompts.')
    .requiredOption('--model <name>', modelHelp)
    .option('--prompt-count <n>', 'prompts to continue', wholeNumber(1), 16)
    .option('--prompt-tokens <n>', 'tokens per prompt', wholeNumber(1), 32)
    .option('--max-new-tokens <n>', 'tokens to add to each prompt at most', wholeNumber(1), 64)
    .option('--batch <n>', 'prompts per batch', wholeNumber(1), 16)
    .option('--temperature <t>', temperatureHelp, decimal({ zero: true }), 0)
    .option('--repeat <n>', repeatHelp, wholeNumber(1), 3)
    .option('--json', 'print the result as JSON');
  formerly(command, '--prompts', '--prompt-count');
  formerly(command, '--prompt-length', '--prompt-tokens');
  formerly(command, '--new-tokens', '--max-new-tokens');
  addModelOptions(command).action(async (flags: BenchGenerateFlags) => {
    const { promptCount: prompts, promptTokens: promptLength, maxNewTokens: newTokens } = flags;
    const { batch, temperature, repeat, threads } = flags;
    const model = await openModel(flags.model, flags);
    try {
      const { contextLength } = model.info;
      if (promptLength + newTokens > contextLength) {
        throw new FeedprintError({
          code: 'usage',
          message: `a prompt of ${promptLength} tokens and ${newTokens} new ones exceed the context of ${contextLength}`,
          remedy: 'lower --prompt-tokens or --max-new-tokens',
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
    `${model}, ${counted(prompts, 'prompt')} of ${counted(promptLength, 'token')} and ${newTokens} new, ${batch} at a time, ${counted(threads, 'thread')}`,
    `new tokens         ${result.tokens}`,
    `median             ${result.seconds.toFixed(3)} s`,
    `tokens per second  ${result.tokensPerSecond.toFixed(0)}`,
    '',
  ].join('\n');
}
