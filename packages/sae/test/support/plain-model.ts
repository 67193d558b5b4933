import { matrix, row } from '@feedprint/core';
import type { LanguageModel, Matrix, TokenRows } from '@feedprint/core';
import { SITE, normalMatrix } from './saes.ts';

export const VOCABULARY = 13;
export const WIDTH = 5;

export interface PlainModel extends LanguageModel {
  /** Site activations of texts, as the model computes them. */
  activations(texts: TokenRows): Matrix;
  /** Logits after every position from the site's activations. */
  logits(activations: Matrix): Matrix;
  /** What the logits are made with, `[WIDTH, VOCABULARY]`. */
  readonly unembed: Matrix;
  /** Padded positions of every pass so far. */
  readonly passes: number[];
}

/**
 * A language model in plain numbers: a token's activation is its vector plus half of the one before, and its logits are
 * that activation times a matrix. `influence` scales what the site has to say.
 */
export function createPlainModel(influence = 1): PlainModel {
  const vectors = normalMatrix(VOCABULARY, WIDTH, 21);
  const unembed = normalMatrix(WIDTH, VOCABULARY, 22, influence);
  const passes: number[] = [];
  const activations = (texts: TokenRows): Matrix => {
    const x = matrix(positionsOf(texts).length, WIDTH);
    let at = 0;
    for (const text of texts) {
      for (let i = 0; i < text.length; i++, at++) {
        const own = row(vectors, text[i] as number);
        own.forEach((v, d) => {
          const before = i === 0 ? 3 : (x.data[(at - 1) * WIDTH + d] as number);
          x.data[at * WIDTH + d] = v + before / 2;
        });
      }
    }
    return x;
  };
  const logits = (x: Matrix): Matrix => {
    const result = matrix(x.rows, VOCABULARY);
    for (let r = 0; r < x.rows; r++) {
      for (let w = 0; w < VOCABULARY; w++) {
        let sum = 0;
        row(x, r).forEach((v, d) => (sum += v * (unembed.data[d * VOCABULARY + w] as number)));
        result.data[r * VOCABULARY + w] = sum;
      }
    }
    return result;
  };
  return {
    name: 'plain',
    fingerprint: 'plain',
    info: {
      architecture: 'plain',
      layers: 1,
      width: WIDTH,
      vocabularySize: VOCABULARY,
      contextLength: 64,
    },
    tokenizer: {
      vocabularySize: VOCABULARY,
      specialIds: new Set([0]),
      encode: () => [],
      decode: () => '',
      tokenText: () => '',
      fingerprint: 'plain',
    },
    sites: [{ site: SITE, layer: 0, width: WIDTH }],
    passes,
    activations,
    logits,
    unembed,
    async run(texts, { capture = [], edits = [], logits: wanted }) {
      passes.push(texts.length * Math.max(...Array.from(texts, ({ length }) => length)));
      let x = activations(texts);
      for (const edit of edits) x = await edit.apply(x, positionsOf(texts));
      return {
        activations: new Map(capture.map((site) => [site, x])),
        ...(wanted === 'all' && { logits: logits(x) }),
      };
    },
    /** Logits are linear in the activations, whatever edits leave of them: W c for cotangents c, position by position. */
    async gradients(texts, request) {
      const cotangents =
        'cotangents' in request
          ? request.cotangents
          : ofLogProbabilities(logits(activations(texts)), request.targets);
      const result = matrix(cotangents.rows, WIDTH);
      for (let r = 0; r < result.rows; r++) {
        for (let d = 0; d < WIDTH; d++) {
          let slope = 0;
          row(cotangents, r).forEach(
            (c, w) => (slope += c * (unembed.data[d * VOCABULARY + w] as number)),
          );
          result.data[r * WIDTH + d] = slope;
        }
      }
      return new Map(request.sites.map((site) => [site, result]));
    },
    generate: (prompts) => Promise.resolve(prompts.map(() => [])),
    *parameters() {
      yield { name: 'unembed', shape: [WIDTH, VOCABULARY], data: unembed.data };
    },
    dispose: () => Promise.resolve(),
  };
}

/** d log p(y) / d logits = onehot(y) - p. */
function ofLogProbabilities(logits: Matrix, targets: readonly ArrayLike<number>[]): Matrix {
  const result = matrix(logits.rows, logits.columns);
  for (const [r, target] of targets.flatMap((text) => Array.from(text)).entries()) {
    if (target < 0) continue;
    row(result, r).set(softmax(row(logits, r)).map((p, w) => (w === target ? 1 : 0) - p));
  }
  return result;
}

/** Probabilities from logits. */
export function softmax(logits: ArrayLike<number>): number[] {
  const exponentials = Array.from(logits, (v) => Math.exp(v));
  const total = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((v) => v / total);
}

const positionsOf = (texts: TokenRows): Int32Array =>
  Int32Array.from(texts.flatMap((text) => Array.from(text, (_, i) => i)));
