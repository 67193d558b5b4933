import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addSaeCompareCommand } from './sae-compare.ts';
import { addSaeEvalCommand } from './sae-eval.ts';
import { addSaeExportCommand } from './sae-export.ts';
import { addSaeFeaturesCommand } from './sae-features.ts';
import { addSaeFinetuneCommand } from './sae-finetune.ts';
import { addSaeImportCommand } from './sae-import.ts';
import { addSaeTrainCommand } from './sae-train.ts';

export function addSaeCommands(program: Command, io: Io): void {
  const sae = program
    .command('sae')
    .description('Train, evaluate, convert and compare sparse autoencoders.');
  const commands = [
    addSaeTrainCommand,
    addSaeFinetuneCommand,
    addSaeEvalCommand,
    addSaeFeaturesCommand,
    addSaeImportCommand,
    addSaeExportCommand,
    addSaeCompareCommand,
  ];
  for (const add of commands) add(sae, io);
}
