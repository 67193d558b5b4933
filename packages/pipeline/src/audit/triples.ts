import type { ContrastiveTriple, LanguageModel } from '@feedprint/core';
import { randomOf } from './context.ts';
import type { AuditParts, ScoredWord } from './parts.ts';
import type { AuditSettings } from './settings.ts';

/** Tokens of left context that a triple keeps. */
export const CONTEXT = 32;

export interface TripleInputs {
  readonly parts: AuditParts;
  readonly settings: AuditSettings;
  readonly model: LanguageModel;
  readonly rows: readonly Int32Array[];
  readonly words: readonly ScoredWord[];
}

/** The audit's contrastive triples. Throws `feedback-empty` where the words have one sign only or no neutral token is left. */
export async function chooseTriples(inputs: TripleInputs): Promise<readonly ContrastiveTriple[]> {
  const { parts, settings, model, rows, words } = inputs;
  return parts.makeTriples({
    texts: rows,
    words,
    neutralIds: await parts.neutralTokens(model.tokenizer, parts.signal, rows),
    random: randomOf(inputs, 'contrast'),
    perWord: Math.max(1, Math.ceil(settings.triples / words.length) * 2),
    maxTriples: settings.triples,
    contextLength: Math.min(CONTEXT, model.info.contextLength),
  });
}
