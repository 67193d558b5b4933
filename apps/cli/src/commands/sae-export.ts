import { createSaeLensFormat, readSae } from '@feedprint/sae';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { oneOf, saeHelp } from '../options.ts';
import { checkIsFree, writeSae } from '../sae/write-sae.ts';

interface ExportFlags {
  readonly sae: string;
  readonly format: 'saelens';
  readonly out: string;
  readonly json?: boolean;
}

export function addSaeExportCommand(sae: Command, io: Io): void {
  sae
    .command('export')
    .description('Save an SAE in a format that other programs read.')
    .requiredOption('--sae <path>', saeHelp)
    .requiredOption('--out <dir>', 'new folder')
    .option(
      '--format <name>',
      'format to write: saelens (cfg.json and safetensors, as SAELens 6 reads them)',
      oneOf('saelens'),
      'saelens',
    )
    .option('--json', 'print the result as JSON')
    .action(async ({ sae: path, format, out, json }: ExportFlags) => {
      checkIsFree(out);
      const loaded = await readSae(path);
      await writeSae(loaded, { format: createSaeLensFormat(), out, from: path });
      await loaded.dispose();
      const { kind, site, dIn, dSae } = loaded;
      io.out(
        json
          ? `${JSON.stringify({ folder: out, format, kind, site, dIn, dSae })}\n`
          : `${format}: ${out}\n`,
      );
    });
}
