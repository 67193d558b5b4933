import { Command, CommanderError, Option } from 'commander';
import { addAuditCommand } from './commands/audit.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addCaptureCommand } from './commands/capture.ts';
import { addDashboardCommand } from './commands/dashboard.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDivergenceCommand } from './commands/divergence.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addFeedbackCommands } from './commands/feedback.ts';
import { addFinetuneCommand } from './commands/finetune.ts';
import { addGenerateCommand } from './commands/generate.ts';
import { addInspectCommand } from './commands/inspect.ts';
import { addLabelCommand } from './commands/label.ts';
import { addPlantCommand } from './commands/plant.ts';
import { addPredictCommand } from './commands/predict.ts';
import { addRepairCommand } from './commands/repair.ts';
import { addSaeCommands } from './commands/sae.ts';
import { addReflectCommand } from './commands/reflect.ts';
import { addSheetCommands } from './commands/sheet.ts';
import { addShiftCommand } from './commands/shift.ts';
import { addShowCommand } from './commands/show.ts';
import { addTrajectoryCommand } from './commands/trajectory.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

/** The `feedprint` command line. */
export function createProgram(io: Io): Command {
  const program = new FeedprintCommand('feedprint')
    .description('Audit what a fine-tuned language model really learned from its feedback.')
    .version(version, '-v, --version', 'print the version')
    .addOption(new Option('-V').hideHelp())
    .on('option:V', () => {
      io.out(`${version}\n`);
      throw new CommanderError(0, 'commander.version', version);
    })
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
    addPredictCommand,
    addShowCommand,
    addRepairCommand,
    addCaptureCommand,
    addFinetuneCommand,
    addTrajectoryCommand,
    addPlantCommand,
    addSaeCommands,
    addLabelCommand,
    addSheetCommands,
    addReflectCommand,
    addFeedbackCommands,
    addDashboardCommand,
    addDoctorCommand,
    addBenchCommand,
  ];
  for (const add of groups) add(program, io);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}

/** Names a flag that there is not before one that is missing: it is usually the missing one, misspelt. */
class FeedprintCommand extends Command {
  override createCommand(name?: string): Command {
    return new FeedprintCommand(name);
  }

  override parseOptions(args: string[]): ReturnType<Command['parseOptions']> {
    const parsed = super.parseOptions(args);
    if (parsed.unknown.length > 0) for (const option of this.options) option.mandatory = false;
    return parsed;
  }
}
