import { errorMeasures, trainSaes, trainableKinds } from '@feedprint/recipes';
import type { PublishedSae } from '@feedprint/recipes';
import { createFeedprintFormat, createSaeTrainer, readSae } from '@feedprint/sae';
import type { Command } from 'commander';
import { commandLine } from '../command-line.ts';
import { formerly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { addHubOptions, modelHelp } from '../model-options.ts';
import { assignment, decimal, listOf, oneOf, seedHelp, wholeNumber } from '../options.ts';
import { createProgressReporter } from '../progress.ts';
import { addEngineOptions } from '../sae/engine-options.ts';
import { createEngine } from '../sae/engines.ts';
import { withInputs } from '../sae/inputs.ts';
import { printSaes } from '../sae/sae-table.ts';
import { planTraining } from '../sae/train-flags.ts';
import type { TrainFlags } from '../sae/train-flags.ts';
import { maxTextsHelp, sayingRead, textsHelp } from '../texts.ts';
import { version } from '../version.ts';

/** Ends the help of a flag whose values are swept over. */
const severalHelp = '; several are separated by commas';

export function addSaeTrainCommand(sae: Command, io: Io): void {
  const command = sae
    .command('train')
    .description('Train sparse autoencoders on the activations of a model or of a pair of models.')
    .requiredOption('--model <name>', modelHelp)
    .requiredOption(
      '--site <list>',
      'where the activations are, such as blocks.3.hook_mlp_out; several are separated by commas',
      listOf(String),
    )
    .requiredOption('--texts <file>', textsHelp)
    .requiredOption('--out <dir>', 'folder for the SAE; an interrupted training continues')
    .option(
      '--kind <name>',
      `architecture: ${trainableKinds.join(', ')}`,
      oneOf(...trainableKinds),
      'topk',
    )
    .option(
      '--width <n>',
      `features${severalHelp} (default: 8 times the site's units)`,
      listOf(wholeNumber(1)),
    )
    .option(
      '--k <n>',
      `active features per token, for topk, batchtopk, matryoshka and crosscoder${severalHelp} (default: 16)`,
      listOf(wholeNumber(1)),
    )
    .option(
      '--l1 <x>',
      `weight of the sum of the features, for tied, relu and gated${severalHelp} (default: 2)`,
      listOf(decimal({ zero: true })),
    )
    .option(
      '--l0 <x>',
      `weight of the number of active features, for jumprelu${severalHelp} (default: 1)`,
      listOf(decimal({ zero: true })),
    )
    .option(
      '--base <name>',
      'the model that --model was tuned from, for --kind crosscoder or --difference',
    )
    .option('--difference', 'train on the activations of --model minus those of --base')
    .option(
      '--sae <path>',
      'SAE to train further, of the same kind, site and width (default: a new one)',
    )
    .option(
      '--error <name>',
      "how reconstruction errors are measured: by their squares (plain), or by how far they move the model's output (output)",
      oneOf(...errorMeasures),
      'plain',
    )
    .option('--tokens <n>', 'activations to train on', wholeNumber(1), 200_000)
    .option('--max-texts <n>', maxTextsHelp, wholeNumber(1))
    .option('--batch <n>', 'activations per step (default: 1024)', wholeNumber(1))
    .option('--lr <x>', 'peak learning rate (default: 0.002)', decimal())
    .option(
      '--set <name=value>',
      'another setting of the trainer, such as decay=0.7; may be repeated',
      assignment,
    )
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .option('--stream', 'compute activations as they are needed instead of saving them to disk')
    .option(
      '--checkpoint-tokens <n>',
      'activations between checkpoints (default: a twentieth of --tokens, at least 100000)',
      wholeNumber(1),
    )
    .option('--json', 'print the result as JSON');
  formerly(command, '--from', '--sae');
  addEngineOptions(addHubOptions(command)).action(async (flags: TrainFlags) => {
    printSaes(await train(flags, commandLine(command), io), { ...flags, io });
  });
}

async function train(flags: TrainFlags, typed: string, io: Io): Promise<PublishedSae[]> {
  const { settings, sparsity } = planTraining(flags);
  const { engine, runsOn: device } = await createEngine(flags);
  const { threads, out, seed, error, site: sites, width: widths, checkpointTokens } = flags;
  const from = flags.sae === undefined ? undefined : await readSae(flags.sae, { threads });
  try {
    return await withInputs(flags, async ({ read, ...inputs }) => {
      const progress = createProgressReporter(io);
      return trainSaes({
        ...inputs,
        ...{ sites, widths, sparsity, seed, error, out, version },
        trainer: createSaeTrainer({ ...settings, engine, threads }),
        format: createFeedprintFormat({ threads }),
        environment: { device, threads },
        stream: flags.stream ?? false,
        ...(from && { from }),
        ...(checkpointTokens !== undefined && { checkpointTokens }),
        ...{ command: typed, now: io.now, signal: io.signal },
        onEvent: sayingRead(read, io, progress.event),
      }).finally(progress.stop);
    });
  } finally {
    await from?.dispose();
  }
}
