import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addFeedbackPropertiesCommand } from './feedback-properties.ts';
import { addFeedbackScoreCommand } from './feedback-score.ts';
import { addFeedbackTriplesCommand } from './feedback-triples.ts';

export function addFeedbackCommands(program: Command, io: Io): void {
  const feedback = program
    .command('feedback')
    .description(
      'Score texts with a feedback signal, measure their properties, or write contrastive versions of them.',
    );
  for (const add of [
    addFeedbackScoreCommand,
    addFeedbackPropertiesCommand,
    addFeedbackTriplesCommand,
  ])
    add(feedback, io);
}
