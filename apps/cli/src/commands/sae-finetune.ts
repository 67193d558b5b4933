import { finetuneSaeOnTexts } from '@feedprint/recipes';
import type { PublishedSae } from '@feedprint/recipes';
import { createFeedprintFormat, readSae } from '@feedprint/sae';
import type { Command } from 'commander';
import { commandLine } from '../command-line.ts';
import type { Io } from '../io.ts';
import { addHubOptions, modelHelp } from '../model-options.ts';
import {
  addThreadsOption,
  assignment,
  decimal,
  saeHelp,
  seedHelp,
  wholeNumber,
} from '../options.ts';
import { createProgressReporter } from '../progress.ts';
import { finetuneSettings } from '../sae/finetune-flags.ts';
import type { FinetuneFlags } from '../sae/finetune-flags.ts';
import { withInputs } from '../sae/inputs.ts';
import { printSaes } from '../sae/sae-table.ts';
import { maxTextsHelp, sayingRead, textsHelp } from '../texts.ts';
import { version } from '../version.ts';

export function addSaeFinetuneCommand(sae: Command, io: Io): void {
  const command = sae
    .command('finetune')
    .description("Fine-tune an SAE on what its reconstructions do to the model's predictions.")
    .requiredOption('--sae <path>', saeHelp)
    .requiredOption('--model <name>', modelHelp)
    .requiredOption('--texts <file>', textsHelp)
    .requiredOption('--out <dir>', 'folder for the new SAE; an interrupted fine-tuning continues')
    .option('--tokens <n>', 'activations to train on (default: 400000)', wholeNumber(1))
    .option('--max-texts <n>', maxTextsHelp, wholeNumber(1))
    .option('--batch <n>', 'activations per step (default: 1024)', wholeNumber(1))
    .option('--lr <x>', 'peak learning rate, falling to 0 (default: 0.001)', decimal())
    .option(
      '--set <name=value>',
      'another setting, such as divergenceWeight=4 or targetL0=32; may be repeated',
      assignment,
    )
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .option(
      '--checkpoint-tokens <n>',
      'activations between checkpoints (default: a twentieth of --tokens)',
      wholeNumber(1),
    )
    .option('--json', 'print the result as JSON');
  addThreadsOption(addHubOptions(command)).action(async (flags: FinetuneFlags) => {
    printSaes(await finetune(flags, commandLine(command), io), { ...flags, io });
  });
}

async function finetune(flags: FinetuneFlags, typed: string, io: Io): Promise<PublishedSae[]> {
  const settings = finetuneSettings(flags);
  const { out, threads, seed, checkpointTokens } = flags;
  const sae = await readSae(flags.sae, { threads });
  try {
    return await withInputs(flags, async ({ model, texts, read }) => {
      const progress = createProgressReporter(io);
      return finetuneSaeOnTexts({
        ...{ sae, model, texts, settings, seed, threads, out, version },
        format: createFeedprintFormat({ threads }),
        ...(checkpointTokens !== undefined && { checkpointTokens }),
        ...{ command: typed, now: io.now, signal: io.signal },
        onEvent: sayingRead(read, io, progress.event),
      }).finally(progress.stop);
    });
  } finally {
    await sae.dispose();
  }
}
