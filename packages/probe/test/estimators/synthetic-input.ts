import { createRandom, matrix } from '@feedprint/core';
import type { Matrix, Random } from '@feedprint/core';
import type { ContrastEvidence, EstimationInput } from '../../src/index.ts';
import { normals, toWord } from '../words.ts';

export interface SyntheticInput {
  readonly words?: number;
  readonly seed?: number;
  /** How strongly the tuned model's features and distances follow the stated feedback; 0: not at all. */
  readonly signal: number;
}

const FEATURES = 12;
const VERSIONS = 3;

/** Evidence in which the tuned model alone knows the stated feedback: one direction of its features carries it. */
export function drawInput({ words = 80, seed = 1, signal }: SyntheticInput): EstimationInput {
  const random = createRandom(seed).fork('synthetic evidence');
  const stated = Array.from({ length: words }, () => 3 * random.normal());
  return {
    words: stated.map((value, i) => ({
      ...toWord(
        { stated: value, estimate: random.normal(), standardError: 0.1, expectedCount: 20 },
        i,
      ),
      baseLogProb: -10 * random.next(),
    })),
    averaged: stated.map((_, i) => 1 + (i % 20)),
    features: {
      tuned: along(stated, signal, random),
      base: along(stated, 0, random),
      random: along(stated, 0, random),
      untrained: along(stated, 0, random),
    },
    activations: {
      tuned: along(stated, signal, random),
      base: along(stated, 0, random),
      untrained: along(stated, 0, random),
    },
    text: { bag: along(stated, 0, random), length: along(stated, 0, random) },
    contrast: {
      tuned: versions(stated, signal, random),
      base: versions(stated, 0, random),
      random: versions(stated, 0, random),
      untrained: versions(stated, 0, random),
    },
    seed,
  };
}

/** Noise in every column, plus `signal` times the value along alternating signs. */
function along(values: readonly number[], signal: number, random: Random): Matrix {
  const data = normals(random, values.length * FEATURES);
  return matrix(
    values.length,
    FEATURES,
    data.map(
      (noise, i) =>
        noise + (i % 2 ? -1 : 1) * signal * (values[Math.floor(i / FEATURES)] as number),
    ),
  );
}

/** Three versions of each word at varied distances about `signal` times its stated feedback, readable from the features. */
function versions(stated: readonly number[], signal: number, random: Random): ContrastEvidence {
  const word = Int32Array.from({ length: stated.length * VERSIONS }, (_, i) =>
    Math.floor(i / VERSIONS),
  );
  const distance = Float64Array.from(
    word,
    (w) => signal * (stated[w] as number) + 2 * random.normal(),
  );
  return { features: along(Array.from(distance), 1, random), distance, word };
}
