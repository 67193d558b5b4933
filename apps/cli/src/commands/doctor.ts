import { FeedprintError } from '@feedprint/core';
import type { Command } from 'commander';
import { canRun, diagnose } from '../doctor/diagnose.ts';
import type { Diagnosis } from '../doctor/diagnose.ts';
import { formatDiagnosis } from '../doctor/format-diagnosis.ts';
import type { Io } from '../io.ts';

export function addDoctorCommand(
  program: Command,
  io: Io,
  examine: (io: Io) => Promise<Diagnosis> = diagnose,
): void {
  program
    .command('doctor')
    .description('Check what works on this machine, and what the rest would need.')
    .option('--json', 'print the result as JSON')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const diagnosis = await examine(io);
      io.out(json ? `${JSON.stringify(diagnosis)}\n` : formatDiagnosis(diagnosis));
      if (canRun(diagnosis)) return;
      throw new FeedprintError({
        code: 'dependency-missing',
        message: 'nothing here can run a model',
        remedy: 'install onnxruntime-node: npm install onnxruntime-node',
      });
    });
}
