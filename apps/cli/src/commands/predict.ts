import { parsePairColumns } from '@feedprint/feedback';
import { predictPairs, predictSettingsSchema, readNamedPairs, readTold } from '@feedprint/recipes';
import type { Prediction } from '@feedprint/recipes';
import type { Device } from '@feedprint/graph';
import type { Command } from 'commander';
import { pick } from '../audit/pick.ts';
import { commandLine } from '../command-line.ts';
import { openTrainable } from '../finetune/open-trainable.ts';
import type { Io } from '../io.ts';
import { addDeviceOption, addHubOptions, dataHub, modelHelp } from '../model-options.ts';
import { addThreadsOption, seedHelp, wholeNumber } from '../options.ts';
import { chatTemplateHelp, mapHelp, namedPairsHelp, sayPairs } from '../pairs.ts';
import { formatPrediction } from '../predict/format-prediction.ts';
import { createProgressReporter } from '../progress.ts';
import { maxPairsHelp, toldHelp } from '../texts.ts';
import { version } from '../version.ts';

interface PredictFlags {
  readonly base: string;
  readonly pairs: string;
  readonly out: string;
  readonly map?: string;
  readonly told?: string;
  readonly json?: boolean;
  readonly seed: number;
  readonly threads: number;
  readonly device: Device;
  readonly revision?: string;
  readonly offline?: boolean;
}

/** Adds `predict`. */
export function addPredictCommand(program: Command, io: Io): void {
  const command = program
    .command('predict')
    .description('Predict from a base model and preference pairs what DPO on them would teach.')
    .requiredOption('--base <name>', `base ${modelHelp}`)
    .requiredOption('--pairs <file>', namedPairsHelp)
    .requiredOption('--out <dir>', 'folder for the run; an interrupted run continues')
    .option('--map <columns>', mapHelp)
    .option('--chat-template <name>', chatTemplateHelp)
    .option('--max-pairs <n>', maxPairsHelp, wholeNumber(1))
    .option(
      '--fresh-replies <n>',
      'replies that the base writes to prompts of the pairs, two to each (default: 600)',
      wholeNumber(40),
    )
    .option('--told <file>', toldHelp)
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .option('--json', 'print the result as JSON');
  addDeviceOption(addThreadsOption(addHubOptions(command)), 'the model runs on').action(
    async (flags: PredictFlags) => {
      const prediction = await predict(flags, commandLine(program), io);
      io.out(
        flags.json
          ? `${JSON.stringify(prediction)}\n`
          : formatPrediction(prediction, { base: flags.base, out: flags.out, pairs: flags.pairs }),
      );
    },
  );
}

async function predict(flags: PredictFlags, typed: string, io: Io): Promise<Prediction> {
  const { base: name, out, map, threads } = flags;
  const told = flags.told === undefined ? undefined : await readTold(flags.told);
  const pairs = await readNamedPairs(flags.pairs, {
    hub: dataHub(flags),
    signal: io.signal,
    ...(map !== undefined && { map: parsePairColumns(map) }),
  });
  const base = await openTrainable(name, flags);
  const progress = createProgressReporter(io);
  try {
    sayPairs(pairs, io);
    return await predictPairs({
      ...{ base, pairs, threads, out, version, now: io.now, signal: io.signal, command: typed },
      ...(told && { told }),
      settings: pick(flags, Object.keys(predictSettingsSchema.shape) as never[]),
      onEvent: progress.event,
    });
  } finally {
    progress.stop();
    await base.dispose();
  }
}
