import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addFeedbackScoreCommand } from './feedback-score.ts';
import { addFeedbackTriplesCommand } from './feedback-triples.ts';

export function addFeedbackCommands(program: Command, io: Io): void {
  const feedback = program
    .command('feedback')
    .description('See what feedback says, and make contrastive texts of it.');
  for (const add of [addFeedbackScoreCommand, addFeedbackTriplesCommand]) add(feedback, io);
}
