import { addedText } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import type { Edit, LanguageModel } from '@feedprint/core';
import { readTexts } from '@feedprint/feedback';
import { readSae } from '@feedprint/sae';
import type { Command } from 'commander';
import { usedOnly } from '../flag-rules.ts';
import { editsOf } from '../generate/edits.ts';
import { formatContinued } from '../generate/format-continued.ts';
import type { Completion, Continued } from '../generate/format-continued.ts';
import type { Io } from '../io.ts';
import { addModelOptions, modelHelp, openModel, promptEncoder } from '../model-options.ts';
import type { ModelFlags } from '../model-options.ts';
import { decimal, listOf, signedNumber, temperatureHelp, wholeNumber } from '../options.ts';
import { counted, textsHelp } from '../texts.ts';

interface GenerateFlags extends ModelFlags {
  readonly model: string;
  readonly chat?: boolean;
  readonly prompt?: readonly string[];
  readonly prompts?: string;
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly topK?: number;
  readonly topP: number;
  readonly minP: number;
  readonly stop?: readonly string[];
  readonly seed: number;
  readonly n: number;
  readonly sae?: string;
  readonly ablate?: readonly number[];
  readonly steer?: string;
  readonly dose: number;
  readonly json?: boolean;
}

export function addGenerateCommand(program: Command, io: Io): void {
  const command = program
    .command('generate')
    .description(
      'Continue prompts with a model, optionally with features of an SAE switched off or along a direction; beside what it writes as it is.',
    )
    .requiredOption('--model <name>', modelHelp)
    .option('--prompt <text>', 'prompt to continue; may be repeated', append)
    .option('--prompts <file>', `prompts, read as ${textsHelp}`)
    .option('--chat', "wrap each prompt as a user's message, by the model's chat template")
    .option('--max-new-tokens <n>', 'tokens to add to each prompt at most', wholeNumber(1), 50)
    .option('--temperature <t>', temperatureHelp, decimal({ zero: true }), 1)
    .option('--top-k <n>', 'sample from this many of the most probable tokens', wholeNumber(1))
    .option(
      '--top-p <p>',
      'sample from the most probable tokens that together reach this probability',
      decimal({ most: 1 }),
      1,
    )
    .option(
      '--min-p <p>',
      'sample from tokens at least this share as probable as the most probable one',
      decimal({ zero: true, most: 1 }),
      0,
    )
    .option('--stop <text>', 'end a continuation with this text; may be repeated', append)
    .option('--seed <n>', 'seed for sampling', wholeNumber(0, 0xffff_ffff), 0)
    .option('--n <n>', 'continuations per prompt', wholeNumber(1), 1)
    .option('--sae <path>', 'SAE of the model, for --ablate')
    .option(
      '--ablate <list>',
      'features of --sae to switch off, separated by commas',
      listOf(wholeFeature),
    )
    .option(
      '--steer <path>',
      "a run's folder, or its directions.safetensors: adds the direction that carries what was learned",
    )
    .option(
      '--dose <x>',
      'how many times --steer adds its direction; negative takes it away',
      signedNumber,
      1,
    )
    .option('--json', 'print the result as JSON');
  usedOnly(command, ['--dose'], {
    when: ({ steer }) => steer !== undefined,
    otherwise: 'without --steer',
    remedy: 'add --steer with the folder of a run',
  });
  usedOnly(command, ['--seed', '--top-k', '--top-p', '--min-p'], {
    when: ({ temperature }) => temperature !== 0,
    otherwise: 'at --temperature 0, where nothing is sampled',
    remedy: 'raise --temperature',
  });
  usedOnly(command, ['--sae'], {
    when: ({ ablate }) => ablate !== undefined,
    otherwise: 'by itself',
    remedy: 'add --ablate with the features to switch off',
  });
  addModelOptions(command).action(async (flags: GenerateFlags) => {
    checkFlags(flags);
    const prompts = await readPrompts(flags);
    const sae =
      flags.sae === undefined ? undefined : await readSae(flags.sae, { threads: flags.threads });
    try {
      const model = await openModel(flags.model, flags);
      try {
        await generate(model, { flags, prompts, edits: editsOf(model, sae, flags) }, io);
      } finally {
        await model.dispose();
      }
    } finally {
      await sae?.dispose();
    }
  });
}

interface Job {
  readonly flags: GenerateFlags;
  readonly prompts: readonly string[];
  readonly edits: readonly Edit[];
}

async function generate(
  model: LanguageModel,
  { flags, prompts, edits }: Job,
  io: Io,
): Promise<void> {
  const { maxNewTokens, temperature, topK, topP, minP, stop, seed, n } = flags;
  const ids = prompts.map(await promptEncoder(model, flags));
  const empty = ids.findIndex(({ length }) => length === 0);
  if (empty >= 0) throw usage(`prompt ${empty + 1} has no token`, 'give one that is not empty');
  const rows = ids.flatMap((row) => Array.from({ length: n }, () => row));
  const started = io.now().getTime();
  const sampling = {
    maxNewTokens,
    temperature,
    topP,
    minP,
    seed,
    ...(topK !== undefined && { topK }),
    ...(stop && { stop }),
  };
  const added = await model.generate(rows, { ...sampling, edits });
  const plain = edits.length === 0 ? undefined : await model.generate(rows, sampling);
  const seconds = (io.now().getTime() - started) / 1000;
  const continued = prompts.map((prompt, i): Continued => {
    const completions = (of: readonly number[][]): Completion[] =>
      of.slice(i * n, (i + 1) * n).map((tokens) => ({
        text: addedText(model.tokenizer, ids[i] as readonly number[], tokens),
        ids: tokens,
      }));
    return {
      prompt,
      completions: completions(added),
      ...(plain && { unedited: completions(plain) }),
    };
  });
  const newTokens = [...added, ...(plain ?? [])].reduce((sum, { length }) => sum + length, 0);
  if (flags.json) {
    io.out(`${JSON.stringify({ model: model.name, newTokens, seconds, prompts: continued })}\n`);
    return;
  }
  io.out(formatContinued(continued));
  const rate = seconds > 0 ? `, ${(newTokens / seconds).toFixed(0)} per second` : '';
  io.err(`${counted(newTokens, 'token')}${rate}\n`);
}

async function readPrompts({ prompt = [], prompts }: GenerateFlags): Promise<readonly string[]> {
  return prompts === undefined ? prompt : [...prompt, ...(await readTexts(prompts)).texts];
}

function checkFlags({ prompt, prompts, sae, ablate }: GenerateFlags): void {
  if (prompt === undefined && prompts === undefined) {
    throw usage('there is no prompt', 'add --prompt or --prompts');
  }
  if (ablate && sae === undefined) {
    throw usage('--ablate needs --sae', 'add --sae with the SAE whose features these are');
  }
}

const wholeFeature = wholeNumber(0);

/** Collects a flag that may be given again; for commander. */
const append = (text: string, before: readonly string[] = []): string[] => [...before, text];

const usage = (message: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'usage', message, remedy });
