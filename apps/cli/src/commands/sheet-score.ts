import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { readJson } from '@feedprint/pipeline';
import { readAnswers, scoreSheet, sheetKeySchema } from '@feedprint/recipes';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { listOf } from '../options.ts';
import { formatSheet } from '../sheet/format-sheet.ts';

interface ScoreFlags {
  readonly sheet: string;
  readonly answers: readonly string[];
  readonly json?: boolean;
}

export function addSheetScoreCommand(sheet: Command, io: Io): void {
  sheet
    .command('score')
    .description("Read people's answers: how often are they right, and do they agree?")
    .requiredOption('--sheet <dir>', 'folder of feedprint sheet write')
    .requiredOption(
      '--answers <file,...>',
      'filled-in sheets, one for each person, or rows of question and answer',
      listOf((file) => file),
    )
    .option('--json', 'print the scores as JSON')
    .action(async (flags: ScoreFlags) => {
      if (!existsSync(join(flags.sheet, 'key.json'))) {
        throw new FeedprintError({
          code: 'usage',
          message: `${flags.sheet} holds no key of a sheet`,
          remedy: 'name the folder of feedprint sheet write',
        });
      }
      const key = await readJson(flags.sheet, 'key.json', sheetKeySchema);
      const score = scoreSheet(key, await Promise.all(flags.answers.map(readAnswers)));
      io.out(flags.json ? `${JSON.stringify(score)}\n` : formatSheet(score));
    });
}
