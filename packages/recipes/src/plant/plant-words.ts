import { FeedprintError, dot, norm } from '@feedprint/core';
import type { Random } from '@feedprint/core';
import type { PlantableWord, PlantableWords } from './plantable-words.ts';

/** How many words are altered, and how far. */
export interface WordPlan {
  /** Words whose feedback is reversed. */
  readonly flip: number;
  /** Words whose feedback is taken away. */
  readonly mute: number;
  /** Neutral words that are rewarded. */
  readonly spurious: number;
  /** Words of alike meaning whose feedback is reversed together. */
  readonly cluster: number;
  /** 1 alters them in full; 0.5 goes half of the way: a reversed word has half of its feedback, with the other sign. */
  readonly strength: number;
}

export const plantKinds = ['flipped', 'clustered', 'muted', 'spurious'] as const;
export type PlantKind = (typeof plantKinds)[number];

/** A word whose feedback in tuning is not what is stated. */
export interface PlantedWord extends PlantableWord {
  readonly kind: PlantKind;
  /** Feedback that tuning uses. */
  readonly trained: number;
}

export interface PlantOptions {
  readonly words: PlantableWords;
  readonly plan: WordPlan;
  /** A word's embedding: words whose vectors point alike are alike. */
  readonly vector: (token: number) => Float32Array;
  readonly random: Random;
}

/**
 * Draws words and alters their feedback, each word at most once; in order of their ids. The same random stream draws the same words. Throws
 * `usage` if there are too few.
 */
export function plantWords({ words, plan, vector, random }: PlantOptions): PlantedWord[] {
  const { strength } = plan;
  const planted: PlantedWord[] = [];
  const free = (all: readonly PlantableWord[]): PlantableWord[] =>
    all.filter(({ token }) => !planted.some((word) => word.token === token));
  const alter = (
    kind: PlantKind,
    chosen: readonly PlantableWord[],
    trained: (stated: number) => number,
  ): void => {
    planted.push(...chosen.map((word) => ({ ...word, kind, trained: trained(word.stated) })));
  };
  const draw = (kind: PlantKind, all: readonly PlantableWord[], count: number): PlantableWord[] => {
    const left = free(all);
    if (left.length < count) throw tooFew(kind, count, left.length);
    return random.fork(kind).shuffle(left).slice(0, count);
  };

  const { scored, neutral } = words;
  const reversed = (stated: number): number => -strength * stated;
  alter('clustered', alikeWords(scored, plan.cluster, vector, random.fork('clustered')), reversed);
  alter('flipped', draw('flipped', scored, plan.flip), reversed);
  alter('muted', draw('muted', scored, plan.mute), (stated) => (1 - strength) * stated);
  const reward = strength * median(scored.map(({ stated }) => Math.abs(stated)));
  alter('spurious', draw('spurious', neutral, plan.spurious), () => reward);
  return planted.sort((a, b) => a.token - b.token);
}

/** A word and those of the same sign that are most like it. */
function alikeWords(
  all: readonly PlantableWord[],
  count: number,
  vector: (token: number) => Float32Array,
  random: Random,
): PlantableWord[] {
  if (count === 0) return [];
  const middle = all[random.integer(Math.max(1, all.length))];
  const alike = all.filter(({ stated }) => Math.sign(stated) === Math.sign(middle?.stated ?? 0));
  if (!middle || alike.length < count) throw tooFew('clustered', count, alike.length);
  const own = vector(middle.token);
  const cosine = ({ token }: PlantableWord): number => {
    const other = vector(token);
    return dot(own, other) / (norm(own) * norm(other));
  };
  return alike
    .map((word) => ({ word, likeness: word === middle ? Infinity : cosine(word) }))
    .sort((a, b) => b.likeness - a.likeness || a.word.token - b.word.token)
    .slice(0, count)
    .map(({ word }) => word);
}

/** The upper of two middle ones; 0 for none. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const tooFew = (kind: PlantKind, wanted: number, found: number): FeedprintError =>
  new FeedprintError({
    code: 'usage',
    message: `only ${found} words are frequent enough to be learned as ${kind}; ${wanted} were asked for`,
    remedy: 'ask for fewer, or tune on more tokens',
  });
