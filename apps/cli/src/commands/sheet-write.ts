import { join } from 'node:path';
import { makeFolder, replaceFile, writeFlushed } from '@feedprint/core/files';
import { createSheet, readLabels, sheetCsv } from '@feedprint/recipes';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { seedHelp, wholeNumber } from '../options.ts';
import { counted } from '../texts.ts';

interface WriteFlags {
  readonly labels: string;
  readonly out: string;
  readonly questions: number;
  readonly seed: number;
}

export function addSheetWriteCommand(sheet: Command, io: Io): void {
  sheet
    .command('write')
    .description('Write a sheet of questions: which explanation fits these marked texts?')
    .requiredOption('--labels <dir>', 'labels: a folder of feedprint label')
    .requiredOption('--out <dir>', 'folder for sheet.csv, sheet.json and key.json')
    .option('--questions <n>', 'most questions', wholeNumber(1), 40)
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .action(async ({ labels: folder, out, questions, seed }: WriteFlags) => {
      const made = createSheet({ ...(await readLabels(folder)), questions, seed });
      makeFolder(out);
      const files = {
        'sheet.csv': sheetCsv(made.sheet),
        'sheet.json': `${JSON.stringify(made.sheet, null, 1)}\n`,
        'key.json': `${JSON.stringify(made.key, null, 1)}\n`,
      };
      for (const [name, content] of Object.entries(files)) {
        await replaceFile(join(out, name), (aside) => writeFlushed(aside, content));
      }
      io.out(
        `${counted(made.sheet.questions.length, 'question')}: ${join(out, 'sheet.csv')}; keep ${join(out, 'key.json')} from those who answer\n`,
      );
    });
}
