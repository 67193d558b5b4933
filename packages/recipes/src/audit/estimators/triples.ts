import type { FeedbackSignal, LanguageModel, TripleSet } from '@feedprint/core';
import { randomOf } from '../random.ts';
import type { AuditParts, ScoredWord } from '../parts.ts';
import type { AuditSettings } from '../settings.ts';

/** Tokens of left context kept in a triple. */
export const CONTEXT = 32;

export interface TripleInputs {
  readonly parts: Pick<AuditParts, 'triples'>;
  readonly signal: FeedbackSignal<'token'>;
  readonly settings: AuditSettings;
  readonly model: LanguageModel;
  readonly texts: readonly string[];
  /** Scored tokens that occur in the texts. */
  readonly words: readonly ScoredWord[];
}

/**
 * The audit's contrastive triples. Throws `feedback-empty` if the words have only one sign or no neutral word is left.
 */
export function chooseTriples(inputs: TripleInputs): Promise<TripleSet> {
  const { parts, signal, settings, model, texts, words } = inputs;
  return parts.triples.make({
    texts,
    signal,
    tokenizer: model.tokenizer,
    random: randomOf(inputs, 'contrast'),
    perWord: Math.max(1, Math.ceil(settings.triples / words.length) * 2),
    maxTriples: settings.triples,
    contextLength: Math.min(CONTEXT, model.info.contextLength),
  });
}
