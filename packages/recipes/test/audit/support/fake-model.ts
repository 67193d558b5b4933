import { createHash } from 'node:crypto';
import { createRandom, matrix } from '@feedprint/core';
import type { Edit, LanguageModel, Matrix, NamedTensor, Tokenizer } from '@feedprint/core';

/** The vocabulary: id 0 ends texts, all others are words with their leading space. */
export const words = ['good', 'great', 'nice', 'bad', 'sad', 'awful', 'the', 'film', 'was', 'plot'];

/** Stated feedback of the first six words. */
export const stated: Readonly<Record<string, number>> = {
  good: 2,
  great: 3,
  nice: 1,
  bad: -2,
  sad: -1,
  awful: -3,
};

/** What the tuned model was pushed by, in nats: against the stated feedback for "nice" alone. */
export const pushed: Readonly<Record<string, number>> = {
  good: 1,
  great: 1.5,
  nice: -0.5,
  bad: -1,
  sad: -0.5,
  awful: -1.5,
};

export const idOf = (word: string): number => words.indexOf(word) + 1;
const WIDTH = 4;
const SITE = 'blocks.0.hook_mlp_out';

export interface FakeModelChanges {
  readonly info?: Partial<LanguageModel['info']>;
  readonly tokenizer?: Partial<Tokenizer>;
  readonly fingerprint?: string;
  /** Added to every log-probability. */
  readonly offset?: number;
  readonly parameters?: readonly number[];
}

/** Words are separated by blanks; what is not in the vocabulary is "the". */
export const fakeTokenizer: Tokenizer = {
  vocabularySize: words.length + 1,
  specialIds: new Set([0]),
  encode: (text, { maxTokens } = {}) =>
    (text.match(/\S+/g) ?? []).slice(0, maxTokens).map((word) => idOf(word) || idOf('the')),
  decode: (ids) => ids.map((id) => fakeTokenizer.tokenText(id)).join(''),
  tokenText: (id) => (id === 0 ? '' : ` ${words[id - 1]}`),
  fingerprint: 'fake',
};

/**
 * A model whose next word does not depend on the text: p(w) is proportional to exp(-id / 10 + push(w) a), where `a` is
 * the first of its four activations. It is 1 unless an edit changes it, so that switching it off gives the base model.
 * The other activations tell whether the token is a positive word, a negative one, or neither.
 */
export function createFakeModel(
  name: string,
  push: Readonly<Record<string, number>>,
  changes: FakeModelChanges = {},
): LanguageModel {
  const info = {
    architecture: 'fake',
    layers: 1,
    width: WIDTH,
    vocabularySize: words.length + 1,
    contextLength: 12,
    ...changes.info,
  };
  const activate = (rows: readonly ArrayLike<number>[]): { x: Matrix; position: Int32Array } => {
    const ids = rows.flatMap((row) => Array.from(row));
    const x = matrix(ids.length, WIDTH);
    ids.forEach((id, i) => {
      const value = stated[words[id - 1] ?? ''] ?? 0;
      x.data.set([1, value > 0 ? 1 : 0, value < 0 ? 1 : 0, value === 0 ? 1 : 0], i * WIDTH);
    });
    return { x, position: Int32Array.from(rows.flatMap((row) => Array.from(row, (_, p) => p))) };
  };
  const edited = async (rows: readonly ArrayLike<number>[], edits: readonly Edit[] = []) => {
    const { x, position } = activate(rows);
    let result = x;
    for (const edit of edits) result = await edit.apply(result, position);
    return result;
  };
  const logProbs = (a: number): Float64Array => {
    const logits = [-Infinity, ...words.map((word, i) => -(i + 1) / 10 + (push[word] ?? 0) * a)];
    const total = Math.log(logits.reduce((sum, v) => sum + Math.exp(v), 0));
    return Float64Array.from(logits, (v) => v - total + (changes.offset ?? 0));
  };
  return {
    name,
    fingerprint: changes.fingerprint ?? createHash('sha256').update(name).digest('hex'),
    info,
    tokenizer: { ...fakeTokenizer, ...changes.tokenizer },
    sites: [{ site: SITE, layer: 0, width: WIDTH }],
    async run(rows, { capture = [], edits, logits, logProbsOf, tokenLogProbs }) {
      const plain = activate(rows).x;
      const x = await edited(rows, edits);
      const after = Array.from({ length: x.rows }, (_, i) => logProbs(x.data[i * WIDTH] as number));
      const ids = rows.flatMap((row) => Array.from(row));
      const { position } = activate(rows);
      return {
        activations: new Map(capture.map((site) => [site, plain])),
        ...(logits === 'all' && {
          logits: matrix(
            x.rows,
            words.length + 1,
            Float32Array.from(after.flatMap((p) => Array.from(p))),
          ),
        }),
        ...(tokenLogProbs && {
          tokenLogProbs: Float32Array.from(ids, (id, i) =>
            position[i] === 0 ? 0 : (after[i - 1]?.[id] as number),
          ),
        }),
        ...(logProbsOf && {
          logProbsOf: matrix(
            x.rows,
            logProbsOf.length,
            Float32Array.from(
              after.flatMap((p) => Array.from(logProbsOf, (id) => p[id] as number)),
            ),
          ),
        }),
      };
    },
    async generate(prompts, { maxNewTokens, seed, edits }) {
      const x = await edited([[1]], edits);
      const p = logProbs(x.data[0] as number);
      const random = createRandom(seed);
      return prompts.map((_, i) => {
        const stream = random.fork(`${i}`);
        return Array.from({ length: maxNewTokens }, () => {
          let rest = stream.next();
          const id = p.findIndex((value) => (rest -= Math.exp(value)) < 0);
          return id < 0 ? words.length : id;
        });
      });
    },
    *parameters(): Generator<NamedTensor> {
      const values = changes.parameters ?? Object.values(push);
      yield { name: 'push', shape: [values.length], data: Float32Array.from(values), layer: 0 };
    },
    dispose: () => Promise.resolve(),
  };
}
