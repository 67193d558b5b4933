import { Command } from 'commander';
import { addAuditCommand } from './commands/audit.ts';
import { addDashboardCommand } from './commands/dashboard.ts';
import { addDemoCommand } from './commands/demo.ts';
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
  for (const add of [addAuditCommand, addDemoCommand, addDashboardCommand]) add(program, io);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}
