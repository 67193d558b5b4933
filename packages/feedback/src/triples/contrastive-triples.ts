import { FeedprintError } from '@feedprint/core';
import type { ContrastiveTriple, FeedbackSignal, Tokenizer, TripleSet } from '@feedprint/core';
import { textWords } from '../lexicon-words.ts';
import type { Lexicon } from '../vader/lexicon.ts';
import { byPlace, noTriples, placeSubstitutions } from './substitute-words.ts';
import type { SubstituteOptions } from './substitute-words.ts';
import { tokenizeSubstitution } from './tokenize-substitution.ts';

export interface ContrastiveTriplesOptions extends Omit<SubstituteOptions, 'lexicon'> {
  readonly signal: FeedbackSignal<'token'>;
  readonly tokenizer: Tokenizer;
  /** The model's context in tokens, including the target; longer contexts lose their beginning. Default: no limit. */
  readonly contextLength?: number;
}

/**
 * Contrastive triples of the words of the texts that the signal scores, as tokens: `substituteWords` with the signal as
 * the lexicon, where a word scores as it does in lower case after a space, whether or not the tokenizer splits it; then
 * `tokenizeSubstitution`.
 *
 * Throws `config-invalid` for numbers out of range, `feedback-empty` if the words have one sign only or no triple can
 * be made.
 */
export async function contrastiveTriples(options: ContrastiveTriplesOptions): Promise<TripleSet> {
  const { texts, signal, tokenizer, contextLength, maxTriples } = options;
  if (contextLength !== undefined && !(Number.isInteger(contextLength) && contextLength >= 2)) {
    throw new FeedprintError({
      code: 'config-invalid',
      message: `contextLength is ${contextLength}`,
      remedy: 'pass a whole number of at least 2',
    });
  }
  const lexicon = await signalLexicon(texts, signal);
  const { inTurns, dropped } = placeSubstitutions({ ...options, lexicon });
  const triples: ContrastiveTriple[] = [];
  for (const substitution of inTurns) {
    if (triples.length === maxTriples) break;
    const triple = tokenizeSubstitution(substitution, {
      text: texts[substitution.text] as string,
      tokenizer,
      ...(contextLength !== undefined && { contextLength }),
    });
    if (typeof triple === 'string') dropped[triple] = (dropped[triple] ?? 0) + 1;
    else triples.push(triple);
  }
  if (triples.length === 0) throw noTriples(texts.length, dropped);
  return { triples: triples.sort(byPlace), dropped };
}

/**
 * What a signal says about the words of texts. Throws `feedback-empty` unless some words are positive and some
 * negative.
 */
async function signalLexicon(
  texts: readonly string[],
  signal: FeedbackSignal<'token'>,
): Promise<Lexicon> {
  const words = [
    ...new Set(texts.flatMap((text) => textWords(text).map(({ word }) => word.toLowerCase()))),
  ];
  const scores = await signal.score(words.map((word) => ` ${word}`));
  const lexicon = new Map(
    words.flatMap((word, i) => {
      const score = scores[i];
      return score === undefined ? [] : [[word, score] as const];
    }),
  );
  const values = [...lexicon.values()];
  const missing = [
    values.some((value) => value > 0) ? '' : 'positive',
    values.some((value) => value < 0) ? '' : 'negative',
  ].filter((sign) => sign !== '');
  if (missing.length === 0) return lexicon;
  throw new FeedprintError({
    code: 'feedback-empty',
    message: `the ${texts.length} texts have no word that ${signal.name} says is ${missing.join(' and none that is ')}, which contrastive triples need`,
    remedy: 'use texts that contain positive and negative words of the feedback',
  });
}
