import type { LanguageModel } from '@feedprint/core';
import { pearson } from '@feedprint/probe';
import type { LocationReport } from '@feedprint/report/chapters/location';
import type { AuditContext } from '../context.ts';
import type { Place } from './places.ts';

/** A token, and what tuning did to its row of the unembedding. */
export interface UnembeddingRow {
  readonly token: number;
  readonly text: string;
  /** How often the base expects it. */
  readonly expected: number;
  readonly effect: number;
  readonly moved: number | null;
  readonly stated: number | null;
}

/** Rows shown of each kind. */
const SHOWN = 12;
/** Tokens that the base expects less often in all contexts are not shown: nothing is known of them. */
const LEAST = 0.1;

/** Every token, from how often the base expects it and how often it would with the tuned model's unembedding. */
export function rowsOf(
  { models, lexicon }: Pick<AuditContext, 'models' | 'lexicon'>,
  place: Place,
  counts: { readonly base: Float64Array; readonly exchanged: Float64Array },
): UnembeddingRow[] {
  const { tokenizer } = models.tuned;
  const stated = new Map(lexicon.map((word) => [word.id, word.stated]));
  const moved = rowChanges(models.base, models.tuned, place.names);
  return Array.from(counts.base, (expected, token) => ({
    token,
    text: token < tokenizer.vocabularySize ? tokenizer.tokenText(token) : '',
    expected,
    effect: expected > 0 ? Math.log((counts.exchanged[token] ?? expected) / expected) : 0,
    moved: moved?.[token] ?? null,
    stated: stated.get(token) ?? null,
  }));
}

/** Length of each row's change over its length in the base; `undefined` if no parameter of these has a row per token. */
function rowChanges(
  base: LanguageModel,
  tuned: LanguageModel,
  names: ReadonlySet<string>,
): Float64Array | undefined {
  const matrixOf = (model: LanguageModel) =>
    [...model.parameters()].find(
      ({ name, shape }) =>
        names.has(name) && shape.length === 2 && shape[0] === model.info.vocabularySize,
    );
  const [before, after] = [matrixOf(base), matrixOf(tuned)];
  if (!before || !after) return undefined;
  const [a, b, width] = [before.data, after.data, before.shape[1] as number];
  const rows = Math.min(before.shape[0] as number, after.shape[0] as number);
  return Float64Array.from({ length: rows }, (_, row) => {
    let [change, own] = [0, 0];
    for (let at = row * width; at < (row + 1) * width; at++) {
      change += ((b[at] as number) - (a[at] as number)) ** 2;
      own += (a[at] as number) ** 2;
    }
    return own === 0 ? 0 : Math.sqrt(change / own);
  });
}

/** What the report shows of the rows: those of tokens that are text and expected at all. */
export function reportRows(
  { words, models }: Pick<AuditContext, 'words' | 'models'>,
  rows: readonly UnembeddingRow[],
): NonNullable<LocationReport['unembedding']> {
  const { specialIds } = models.tuned.tokenizer;
  const shown = rows.filter(
    ({ token, text, expected }) =>
      expected >= LEAST && !specialIds.has(token) && text.trim() !== '',
  );
  const first = (key: (row: UnembeddingRow) => number): UnembeddingRow[] =>
    shown.toSorted((a, b) => key(b) - key(a) || a.token - b.token).slice(0, SHOWN);
  const scored = words.flatMap(({ id }) => rows[id] ?? []);
  const found = pearson(
    scored.map(({ effect }) => effect),
    words.flatMap(({ id, stated }) => (rows[id] ? [stated] : [])),
  );
  return {
    words: scored.length,
    correlation: found?.r ?? null,
    raised: first(({ effect }) => effect),
    lowered: first(({ effect }) => -effect),
    moved: first(({ moved }) => moved ?? -1),
  };
}
