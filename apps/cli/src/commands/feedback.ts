import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addFeedbackScoreCommand } from './feedback-score.ts';
import { addFeedbackTriplesCommand } from './feedback-triples.ts';

export function addFeedbackCommands(program: Command, io: Io): void {
  const feedback = program
    .command('feedback')
    .description('Score texts with a feedback signal, and make contrastive texts from its words.');
  for (const add of [addFeedbackScoreCommand, addFeedbackTriplesCommand]) add(feedback, io);
}
