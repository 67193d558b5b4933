import { createRandom } from '@feedprint/core';
import type { FeatureEvidence } from '@feedprint/core';
import { sampleEvidence } from '../../src/index.ts';

const letters = 'abcdefghijklmnopqrst';
/** Made-up words, none of which holds another: ` ba`, ` bb`, ... */
const vocabulary = Array.from(letters.slice(0, 10), (a) =>
  Array.from(letters, (b) => ` ${a}${b}.`),
).flat();

export interface PlantedFeature {
  readonly evidence: FeatureEvidence;
  /** The words on which it fires, and nothing else. */
  readonly words: readonly string[];
}

/** Features that each fire on one or two words of random texts, more or less strongly, with the evidence for them. */
export function plantedDictionary({
  features = 40,
  texts = 600,
  shortest = 20,
  seed = 1,
} = {}): PlantedFeature[] {
  const random = createRandom(seed);
  const rows = Array.from({ length: texts }, () =>
    Array.from({ length: shortest + random.integer(20) }, () => random.integer(vocabulary.length)),
  );
  const wordsOf = Array.from({ length: features }, (_, f) =>
    f % 2 === 0 ? [2 * f] : [2 * f, 2 * f + 1],
  );
  const activations = wordsOf.map((words) =>
    rows.map((row) =>
      Float32Array.from(row, (token) => (words.includes(token) ? 1 + 3 * random.next() : 0)),
    ),
  );
  return wordsOf.map((words, f) => ({
    words: words.map((token) => vocabulary[token] as string),
    evidence: sampleEvidence(
      {
        id: `planted/${f}`,
        rows,
        tokenText: (token) => vocabulary[token] as string,
        activations: activations[f] as Float32Array[],
        neighbour: activations[(f + 1) % features] as Float32Array[],
      },
      random.fork(`evidence ${f}`),
    ),
  }));
}
