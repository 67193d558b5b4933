import { join } from 'node:path';
import { feedbackGrammar, runTrajectory } from '@feedprint/recipes';
import type { Command } from 'commander';
import { auditConfigSchema } from '../audit/audit-config.ts';
import type { AuditConfig } from '../audit/audit-config.ts';
import { commandLine } from '../command-line.ts';
import type { Io } from '../io.ts';
import { addDeviceOption, addHubOptions, modelHelp } from '../model-options.ts';
import { addThreadsOption, seedHelp, wholeNumber } from '../options.ts';
import { chatTemplateHelp, mapHelp, namedPairsHelp } from '../pairs.ts';
import { createProgressReporter } from '../progress.ts';
import {
  freshRepliesHelp,
  maxPairsHelp,
  maxTextsHelp,
  ratingsHelp,
  textsHelp,
  toldHelp,
} from '../texts.ts';
import { findCheckpoints } from '../trajectory/find-checkpoints.ts';
import { formatTrajectory } from '../trajectory/format-trajectory.ts';
import { withLooks } from '../trajectory/with-looks.ts';

interface TrajectoryFlags {
  readonly checkpoints: readonly string[];
  readonly json?: boolean;
}

/** Adds `trajectory`. */
export function addTrajectoryCommand(program: Command, io: Io): void {
  const command = program
    .command('trajectory')
    .description('Show when in a training what was learned, by a quick audit of every checkpoint.')
    .requiredOption('--base <name>', `base ${modelHelp}`)
    .requiredOption(
      '--checkpoints <dir...>',
      "models or adapters saved while it was trained, the step in their names: 'runs/dpo/steps/step-*'",
    )
    .option('--texts <file>', textsHelp)
    .option('--pairs <file>', namedPairsHelp)
    .option('--ratings <file>', ratingsHelp)
    .option('--feedback <name>', `what the tuner rewarded: ${feedbackGrammar}`)
    .option('--told <file>', toldHelp)
    .option('--map <columns>', mapHelp)
    .option('--chat-template <name>', chatTemplateHelp)
    .option('--max-texts <n>', maxTextsHelp, wholeNumber(1))
    .option('--max-pairs <n>', maxPairsHelp, wholeNumber(1))
    .option('--fresh-replies <n>', freshRepliesHelp, wholeNumber(0))
    .option(
      '--placebo-tokens <n>',
      'tokens to judge models on that never saw the feedback; 0 leaves it out (default: 8000)',
      wholeNumber(0),
    )
    .option('--seed <n>', seedHelp, wholeNumber(0, 0xffff_ffff), 0)
    .requiredOption('--out <dir>', 'folder for the run; an interrupted run continues')
    .option('--json', 'print the result as JSON');
  addDeviceOption(addThreadsOption(addHubOptions(command))).action(
    async ({ checkpoints: named, json, ...flags }: TrajectoryFlags & AuditConfig) => {
      const checkpoints = findCheckpoints(named);
      const progress = createProgressReporter(io);
      const config = Object.fromEntries(
        Object.entries(flags).filter(([key]) => key in auditConfigSchema.shape),
      ) as AuditConfig;
      const result = await withLooks({ ...config, onEvent: progress.event }, io, (options) =>
        runTrajectory({
          ...options,
          checkpoints,
          audits: join(options.out, 'audits'),
          command: commandLine(program),
        }),
      ).finally(progress.stop);
      const { trajectory, html } = result;
      io.out(
        json
          ? `${JSON.stringify({ report: html, ...trajectory })}\n`
          : formatTrajectory(result, io.columns),
      );
    },
  );
}
