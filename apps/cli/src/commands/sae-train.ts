import { errorMeasures, trainSaes, trainableKinds } from '@feedprint/recipes';
import type { PublishedSae } from '@feedprint/recipes';
import { createFeedprintFormat, createSaeTrainer, readSae } from '@feedprint/sae';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { modelHelp } from '../model-options.ts';
import { assignment, decimal, listOf, oneOf, wholeNumber } from '../options.ts';
import { createProgressReporter } from '../progress.ts';
import { addEngineOptions } from '../sae/engine-options.ts';
import { createEngine } from '../sae/engines.ts';
import { withInputs } from '../sae/inputs.ts';
import { printSaes } from '../sae/sae-table.ts';
import { planTraining } from '../sae/train-flags.ts';
import type { TrainFlags } from '../sae/train-flags.ts';
import { sayingRead, textsHelp } from '../texts.ts';
import { version } from '../version.ts';

export function addSaeTrainCommand(sae: Command, io: Io): void {
  const command = sae
    .command('train')
    .description('Train sparse autoencoders on the activations of a model, or of a pair of models.')
    .requiredOption('--model <name>', modelHelp)
    .requiredOption(
      '--site <names>',
      'where the activations are, such as blocks.3.hook_mlp_out; several with commas',
      listOf(String),
    )
    .requiredOption('--texts <file>', textsHelp)
    .requiredOption('--out <dir>', 'folder of the SAE; an interrupted training continues')
    .option(
      '--kind <name>',
      `architecture: ${trainableKinds.join(', ')}`,
      oneOf(...trainableKinds),
      'topk',
    )
    .option(
      '--width <n>',
      "features; several with commas (default: 8 times the site's units)",
      listOf(wholeNumber(1)),
    )
    .option(
      '--k <n>',
      'active features a token (topk, batchtopk, matryoshka, crosscoder); several with commas (default: 16)',
      listOf(wholeNumber(1)),
    )
    .option(
      '--l1 <x>',
      "weight of the features' sum (tied, relu, gated); several with commas (default: 2)",
      listOf(decimal({ zero: true })),
    )
    .option(
      '--l0 <x>',
      'weight of the number of active features (jumprelu); several with commas (default: 1)',
      listOf(decimal({ zero: true })),
    )
    .option(
      '--base <dir>',
      'the model that --model was tuned from, for --kind crosscoder or --difference',
    )
    .option('--difference', 'train on the activations of --model minus those of --base')
    .option(
      '--from <path>',
      'SAE to train further, of the same kind, site and width (default: a new one)',
    )
    .option(
      '--error <name>',
      "what reconstruction errors count by: their squares (plain), or how far they move the model's output (output)",
      oneOf(...errorMeasures),
      'plain',
    )
    .option('--tokens <n>', 'activations seen in training', wholeNumber(1), 200_000)
    .option('--max-texts <n>', 'read this many texts at most', wholeNumber(1))
    .option('--batch <n>', 'activations a step (default: 1024)', wholeNumber(1))
    .option('--lr <x>', 'highest learning rate (default: 0.002)', decimal())
    .option(
      '--set <name=value>',
      'another setting of the trainer, such as decay=0.7; may be repeated',
      assignment,
    )
    .option('--seed <n>', 'seed of every random choice', wholeNumber(0, 0xffff_ffff), 0)
    .option('--stream', 'compute activations when they are needed, keep none on disk')
    .option(
      '--checkpoint-tokens <n>',
      'activations between two checkpoints (default: a twentieth, 100000 at least)',
      wholeNumber(1),
    )
    .option('--json', 'print the result as JSON');
  addEngineOptions(command).action(async (flags: TrainFlags) => {
    printSaes(await train(flags, io), { ...flags, io });
  });
}

async function train(flags: TrainFlags, io: Io): Promise<PublishedSae[]> {
  const { settings, sparsity } = planTraining(flags);
  const { engine, runsOn: device } = await createEngine(flags);
  const { threads, out, seed, error, site: sites, width: widths, checkpointTokens } = flags;
  const from = flags.from === undefined ? undefined : await readSae(flags.from, { threads });
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
        ...{ now: io.now, signal: io.signal, onEvent: sayingRead(read, io, progress.event) },
      }).finally(progress.stop);
    });
  } finally {
    await from?.dispose();
  }
}
