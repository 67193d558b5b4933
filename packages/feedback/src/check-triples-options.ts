import { FeedprintError } from '@feedprint/core';
import type { ContrastiveTriplesOptions } from './contrastive-triples.ts';

/** Throws `config-invalid` for contradictory options, `feedback-empty` if one of the three versions has no candidate. */
export function checkTriplesOptions(options: ContrastiveTriplesOptions): void {
  const { words, neutralIds, perWord, maxTriples, contextLength } = options;
  const invalid = (message: string, remedy: string): FeedprintError =>
    new FeedprintError({ code: 'config-invalid', message, remedy });
  const least = { perWord: 1, maxTriples: 1, contextLength: 2 };
  for (const [name, value] of Object.entries({ perWord, maxTriples, contextLength })) {
    const limit = least[name as keyof typeof least];
    if (value !== undefined && !(Number.isInteger(value) && value >= limit)) {
      throw invalid(`${name} is ${value}`, `pass a whole number of at least ${limit}`);
    }
  }
  const scored = new Map(words.map(({ id, stated }) => [id, stated]));
  if (scored.size !== words.length) {
    throw invalid('a token stands twice among the scored words', 'pass each token once');
  }
  const both = neutralIds.find((id) => scored.has(id));
  if (both !== undefined) {
    throw invalid(`token ${both} is both scored and neutral`, 'leave it out of neutralIds');
  }
  const broken = words.find(({ stated }) => !Number.isFinite(stated));
  if (broken) throw invalid(`token ${broken.id} is scored ${broken.stated}`, 'pass finite scores');
  const missing = [
    words.some(({ stated }) => stated > 0) ? '' : 'positive',
    neutralIds.length > 0 ? '' : 'neutral',
    words.some(({ stated }) => stated < 0) ? '' : 'negative',
  ].filter((kind) => kind !== '');
  if (missing.length > 0) {
    throw new FeedprintError({
      code: 'feedback-empty',
      message: `the vocabulary has no ${missing.join(' and no ')} token for contrastive triples`,
      remedy: 'use feedback whose words are single tokens of this tokenizer',
    });
  }
}
