import { FeedprintError } from '@feedprint/core';
import type { FeedbackSignal, LanguageModel } from '@feedprint/core';
import type { AuditContext } from './context.ts';
import { chooseTriples } from './estimators/triples.ts';
import type { AuditParts, ScoredWord } from './parts.ts';
import type { AuditSettings } from './settings.ts';

/** What is stated of the words of an audit's texts; empty where the audit has no signal on tokens. */
export interface StatedWords extends Pick<
  AuditContext,
  'words' | 'occurrences' | 'unscored' | 'lexicon' | 'triples'
> {
  readonly unscoredWords: number;
}

interface WordsJob {
  readonly parts: AuditParts;
  readonly settings: AuditSettings;
  readonly model: LanguageModel;
  /** Where the texts come from. */
  readonly file: string;
  readonly texts: readonly string[];
  readonly rows: readonly Int32Array[];
}

/** Finds the words of the texts that the audit's signal scores. Throws `feedback-empty` if it has one and they tell nothing. */
export async function stateWords(job: WordsJob): Promise<StatedWords> {
  const { parts, settings, model, file, texts, rows } = job;
  const { signal } = parts;
  if (!signal) return noWords;
  const all = await parts.scoredWords(model.tokenizer, signal);
  const counts = countTokens(rows);
  const words = all.filter(({ id }) => counts.has(id));
  if (words.length === 0) {
    throw new FeedprintError({
      code: 'feedback-empty',
      message: `none of the ${all.length} tokens that ${signal.name} scores occurs in the ${rows.length} texts of ${file}`,
      remedy: 'pass texts in the language and style that the feedback is about',
    });
  }
  assertVaries(words, signal);
  const scored = new Set([...model.tokenizer.specialIds, ...all.map(({ id }) => id)]);
  return {
    words,
    occurrences: Int32Array.from(words, ({ id }) => counts.get(id) ?? 0),
    unscored: mostFrequent(counts, scored),
    lexicon: all,
    triples: await chooseTriples({ parts, signal, settings, model, texts, words }),
    unscoredWords: await countSplitWords(texts, all, signal),
  };
}

const noWords: StatedWords = {
  words: [],
  occurrences: new Int32Array(0),
  unscored: [],
  lexicon: [],
  triples: { triples: [], dropped: {} },
  unscoredWords: 0,
};

/** Share of the words that may be told the same. */
const ALIKE = 0.95;

/** Refuses feedback that tells next to all words the same: nothing can be said to follow it. */
function assertVaries(words: readonly ScoredWord[], signal: FeedbackSignal<'token'>): void {
  const counts = new Map<number, number>();
  for (const { stated } of words) counts.set(stated, (counts.get(stated) ?? 0) + 1);
  const [[value, count] = [0, 0]] = [...counts].sort(([, a], [, b]) => b - a);
  if (words.length < 2 || count < ALIKE * words.length) return;
  throw new FeedprintError({
    code: 'feedback-empty',
    message: `${signal.name} says ${value} of ${count === words.length ? `all ${count}` : `${count} of ${words.length}`} words of the texts, so that nothing can be said to have followed it`,
    remedy: 'pass feedback that tells words apart',
  });
}

async function countSplitWords(
  texts: readonly string[],
  scored: readonly ScoredWord[],
  signal: FeedbackSignal<'token'>,
): Promise<number> {
  const single = new Set(scored.map(({ word }) => word));
  const words = [...new Set(texts.flatMap((text) => text.match(/(?<= )\p{L}+/gu) ?? []))];
  const scores = await signal.score(words.map((word) => ` ${word}`));
  return words.filter((word, i) => scores[i] !== undefined && !single.has(word)).length;
}

/** Unscored tokens whose probabilities are followed. */
const UNSCORED = 1000;

/** The most frequent tokens but those left out, by vocabulary id. */
const mostFrequent = (
  counts: ReadonlyMap<number, number>,
  leftOut: ReadonlySet<number>,
): number[] =>
  [...counts]
    .filter(([id]) => !leftOut.has(id))
    .sort(([a, n], [b, m]) => m - n || a - b)
    .slice(0, UNSCORED)
    .map(([id]) => id)
    .sort((a, b) => a - b);

function countTokens(rows: readonly Int32Array[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const row of rows) for (const id of row) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
