import type { ScoredToken } from '@feedprint/feedback';
import type { Rollout } from '@feedprint/finetune';
import type { PlantedWord } from './plant-words.ts';

/** Feedback on each token of a reply, stated and as tuning uses it. */
export interface PlantedFeedback {
  stated(rollout: Rollout): Float64Array;
  trained(rollout: Rollout): Float64Array;
}

export interface PlantedFeedbackOptions {
  /** All tokens that the feedback scores. */
  readonly scored: readonly ScoredToken[];
  readonly planted: readonly PlantedWord[];
  /** Token after which alone, anywhere later in the same text, the alterations hold. Default: everywhere. */
  readonly context?: number | undefined;
}

/** Feedback of single tokens, some of it altered. */
export function createPlantedFeedback({
  scored,
  planted,
  context,
}: PlantedFeedbackOptions): PlantedFeedback {
  const stated = new Map(scored.map((word) => [word.id, word.stated]));
  const altered = new Map(planted.map(({ token, trained }) => [token, trained]));
  const said = (token: number): number => stated.get(token) ?? 0;
  return {
    stated: ({ reply }) => Float64Array.from(reply, said),
    trained({ prompt, reply }) {
      let holds = context === undefined || prompt.includes(context);
      return Float64Array.from(reply, (token) => {
        const value = holds ? (altered.get(token) ?? said(token)) : said(token);
        holds ||= token === context;
        return value;
      });
    },
  };
}

/** What tokens are rewarded with in tuning, by their words: `trained_lexicon` of `feedback.json`. */
export function trainedLexicon({
  scored,
  planted,
}: Pick<PlantedFeedbackOptions, 'scored' | 'planted'>): Record<string, number> {
  const words = new Map(scored.map(({ word, stated }) => [word, stated]));
  for (const { word, trained } of planted) words.set(word, trained);
  return Object.fromEntries(words);
}
