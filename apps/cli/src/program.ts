import { Command } from 'commander';
import { addAuditCommand } from './commands/audit.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addCaptureCommand } from './commands/capture.ts';
import { addDashboardCommand } from './commands/dashboard.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDivergenceCommand } from './commands/divergence.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addFeedbackCommands } from './commands/feedback.ts';
import { addGenerateCommand } from './commands/generate.ts';
import { addInspectCommand } from './commands/inspect.ts';
import { addSaeCommands } from './commands/sae.ts';
import { addShiftCommand } from './commands/shift.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

/** The `feedprint` command line. */
export function createProgram(io: Io): Command {
  const program = new Command('feedprint')
    .description('Audit what a fine-tuned language model really learned from its feedback.')
    .version(version)
    .showHelpAfterError('(add --help for the options)')
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .exitOverride();
  const groups = [
    addAuditCommand,
    addDemoCommand,
    addInspectCommand,
    addGenerateCommand,
    addDivergenceCommand,
    addShiftCommand,
    addCaptureCommand,
    addSaeCommands,
    addFeedbackCommands,
    addDashboardCommand,
    addDoctorCommand,
    addBenchCommand,
  ];
  for (const add of groups) add(program, io);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}
