import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addBenchCaptureCommand } from './bench-capture.ts';
import { addBenchGenerateCommand } from './bench-generate.ts';
import { addBenchSaeCommand } from './bench-sae.ts';

export function addBenchCommand(program: Command, io: Io): void {
  const bench = program.command('bench').description('Time what takes the time.');
  for (const add of [addBenchCaptureCommand, addBenchGenerateCommand, addBenchSaeCommand]) {
    add(bench, io);
  }
}
