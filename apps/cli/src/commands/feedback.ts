import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addFeedbackScoreCommand } from './feedback-score.ts';

export function addFeedbackCommands(program: Command, io: Io): void {
  const feedback = program.command('feedback').description('See what feedback says.');
  for (const add of [addFeedbackScoreCommand]) add(feedback, io);
}
