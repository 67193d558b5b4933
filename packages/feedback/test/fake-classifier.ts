import { matrix } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { wordTokenizer } from './word-tokenizer.ts';

export interface FakeClassifier extends LanguageModel {
  /** Rows of every pass. */
  readonly passes: number[][][];
}

/**
 * A model of 8 positions with two scores of a text: the number of its tokens, and the id of its last one. Its tokenizer puts token 0
 * before every text.
 */
export function createFakeClassifier(
  labels: readonly string[] | undefined = ['length', 'last'],
): FakeClassifier {
  const tokenizer = wordTokenizer([' a', ' b', ' c', 'a', 'b', 'c']);
  const passes: number[][][] = [];
  const unused = (): never => {
    throw new Error('not a classifier');
  };
  return {
    name: 'fake',
    fingerprint: 'fake',
    info: {
      architecture: 'fake',
      layers: 1,
      width: 1,
      vocabularySize: tokenizer.vocabularySize,
      contextLength: 8,
      ...(labels && { labels }),
    },
    tokenizer: {
      ...tokenizer,
      encode: (text, { special } = {}) => [
        ...(special ? [0] : []),
        ...tokenizer.encode(text).filter((id) => id >= 0),
      ],
    },
    sites: [],
    passes,
    run: async (rows) => {
      const texts = rows.map((row) => Array.from(row));
      passes.push(texts);
      const scores = texts.map((ids) =>
        [ids.length, ids.at(-1) as number].slice(0, labels?.length),
      );
      const columns = labels?.length ?? 0;
      return {
        activations: new Map(),
        logits: matrix(texts.length, columns, Float32Array.from(scores.flat())),
      };
    },
    generate: unused,
    parameters: unused,
    dispose: async () => undefined,
  };
}
