import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addFeedbackPairsCommand } from './feedback-pairs.ts';
import { addFeedbackPropertiesCommand } from './feedback-properties.ts';
import { addFeedbackScoreCommand } from './feedback-score.ts';
import { addFeedbackTriplesCommand } from './feedback-triples.ts';

export function addFeedbackCommands(program: Command, io: Io): void {
  const feedback = program
    .command('feedback')
    .description(
      'Look into feedback: read pairs, score texts, measure properties, write contrastive versions.',
    );
  for (const add of [
    addFeedbackPairsCommand,
    addFeedbackScoreCommand,
    addFeedbackPropertiesCommand,
    addFeedbackTriplesCommand,
  ])
    add(feedback, io);
}
