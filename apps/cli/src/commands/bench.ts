import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addBenchCaptureCommand } from './bench-capture.ts';
import { addBenchFinetuneCommand } from './bench-finetune.ts';
import { addBenchGenerateCommand } from './bench-generate.ts';
import { addBenchPlantedCommand } from './bench-planted.ts';
import { addBenchPlantedRepliesCommand } from './bench-planted-replies.ts';
import { addBenchSaeCommand } from './bench-sae.ts';

export function addBenchCommand(program: Command, io: Io): void {
  const bench = program
    .command('bench')
    .description('Measure how fast Feedprint is, and how well it finds what is known to be there.');
  const commands = [
    addBenchCaptureCommand,
    addBenchFinetuneCommand,
    addBenchGenerateCommand,
    addBenchPlantedCommand,
    addBenchPlantedRepliesCommand,
    addBenchSaeCommand,
  ];
  for (const add of commands) add(bench, io);
}
