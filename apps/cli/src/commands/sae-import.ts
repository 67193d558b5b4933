import { createFeedprintFormat, readSae } from '@feedprint/sae';
import type { Command } from 'commander';
import { formerly } from '../flag-rules.ts';
import type { Io } from '../io.ts';
import { checkIsFree, writeSae } from '../sae/write-sae.ts';
import { counted } from '../texts.ts';

interface ImportFlags {
  readonly sae: string;
  readonly site?: string;
  readonly out: string;
  readonly json?: boolean;
}

export function addSaeImportCommand(sae: Command, io: Io): void {
  const command = sae
    .command('import')
    .description(
      "Read an SAE of any known format (SAELens, sparsify, dictionary_learning, Gemma Scope, the paper's) and save it as a SAELens folder.",
    )
    .requiredOption(
      '--sae <path>',
      'SAE: a folder, or a weights file with its configuration beside it',
    )
    .requiredOption('--out <dir>', 'new folder')
    .option('--site <name>', 'where its activations are (default: as the SAE says)')
    .option('--json', 'print the result as JSON');
  formerly(command, '--from', '--sae').action(
    async ({ sae: from, site, out, json }: ImportFlags) => {
      checkIsFree(out);
      const loaded = await readSae(from, site === undefined ? {} : { site });
      await writeSae(loaded, { format: createFeedprintFormat(), out, from });
      const { kind, dIn, dSae } = loaded;
      await loaded.dispose();
      io.out(
        json
          ? `${JSON.stringify({ folder: out, kind, site: loaded.site, dIn, dSae })}\n`
          : `${kind} SAE of ${counted(dSae, 'feature')} over the ${counted(dIn, 'unit')} of ${loaded.site}: ${out}\n`,
      );
    },
  );
}
