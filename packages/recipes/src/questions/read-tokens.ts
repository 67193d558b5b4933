import { FeedprintError, matrix, row } from '@feedprint/core';
import type { LanguageModel, Matrix, SparseAutoencoder } from '@feedprint/core';
import type { RunModels } from './run-models.ts';

/** Features named of a token. */
const NAMED = 8;
/** Tokens named that may come next. */
const NEXT = 10;

/** A feature that is active at a token. */
export interface ActiveFeature {
  readonly site: string;
  readonly index: number;
  readonly activation: number;
}

export interface ReadToken {
  readonly id: number;
  readonly text: string;
  /** log p of it under either model, nats; null for the first, which nothing predicts. */
  readonly base: number | null;
  readonly tuned: number | null;
  /** In the tuned model, strongest first. */
  readonly features: readonly ActiveFeature[];
}

/** A token that may come next, and how probable either model finds it. */
export interface NextToken {
  readonly text: string;
  readonly base: number;
  readonly tuned: number;
}

/** What both models make of a text. */
export interface ReadText {
  readonly tokens: readonly ReadToken[];
  /** Most probable under the tuned model first, then what the base prefers. */
  readonly next: readonly NextToken[];
  /** Whether its end did not fit into the context. */
  readonly truncated: boolean;
}

/** What both models make of token ids, and which features are active in the tuned one. Throws `texts-invalid` for none. */
export async function readTokens(
  { base, tuned }: RunModels,
  saes: ReadonlyMap<string, SparseAutoencoder>,
  given: readonly number[],
): Promise<ReadText> {
  const ids = given.slice(0, tuned.info.contextLength);
  if (ids.length === 0) {
    throw new FeedprintError({
      code: 'texts-invalid',
      message: 'the text has no token',
      remedy: 'give a text that is not empty',
    });
  }
  const sites = [...saes.keys()];
  const request = { tokenLogProbs: true, logits: 'last' as const };
  const before = await base.run([ids], request);
  const after = await tuned.run([ids], { ...request, capture: sites });
  const active: ActiveFeature[][] = ids.map(() => []);
  for (const [site, sae] of saes) {
    const z = await sae.encode(after.activations.get(site) ?? matrix(0, sae.dIn));
    active.forEach((features, t) => features.push(...activeIn(z, t, site)));
  }
  const logProb = (of: Float32Array | undefined, t: number): number | null =>
    t === 0 ? null : (of?.[t] ?? null);
  return {
    tokens: ids.map((id, t) => ({
      id,
      text: tuned.tokenizer.tokenText(id),
      base: logProb(before.tokenLogProbs, t),
      tuned: logProb(after.tokenLogProbs, t),
      features: (active[t] ?? []).sort((a, b) => b.activation - a.activation).slice(0, NAMED),
    })),
    next: nextTokens(tuned, before.logits, after.logits),
    truncated: ids.length < given.length,
  };
}

function activeIn(z: Matrix, t: number, site: string): ActiveFeature[] {
  const found: ActiveFeature[] = [];
  row(z, t).forEach((activation, index) => {
    if (activation > 0) found.push({ site, index, activation });
  });
  return found;
}

function nextTokens(
  { tokenizer, info }: LanguageModel,
  before: Matrix | undefined,
  after: Matrix | undefined,
): NextToken[] {
  if (!before || !after || info.labels) return [];
  const [base, tuned] = [probabilities(row(before, 0)), probabilities(row(after, 0))];
  const top = (of: Float64Array): number[] =>
    Array.from(of.keys())
      .filter((id) => id < tokenizer.vocabularySize)
      .sort((a, b) => (of[b] as number) - (of[a] as number))
      .slice(0, NEXT);
  return [...new Set([...top(tuned), ...top(base)])].map((id) => ({
    text: tokenizer.tokenText(id),
    base: base[id] as number,
    tuned: tuned[id] as number,
  }));
}

function probabilities(logits: Float32Array): Float64Array {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = Float64Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
