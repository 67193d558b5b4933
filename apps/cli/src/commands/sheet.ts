import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addSheetScoreCommand } from './sheet-score.ts';
import { addSheetWriteCommand } from './sheet-write.ts';

export function addSheetCommands(program: Command, io: Io): void {
  const sheet = program
    .command('sheet')
    .description('Have people check explanations of features, and read their answers.');
  addSheetWriteCommand(sheet, io);
  addSheetScoreCommand(sheet, io);
}
