import type { ActivationExample, Labeler } from '@feedprint/core';

/** The token with the largest sum of activations; none where nothing is active. */
function mostActive(examples: readonly ActivationExample[]): string | undefined {
  const sums = new Map<string, number>();
  for (const { tokens, activations } of examples) {
    tokens.forEach((token, i) => sums.set(token, (sums.get(token) ?? 0) + (activations[i] ?? 0)));
  }
  const [token, sum = 0] = [...sums].sort((a, b) => b[1] - a[1])[0] ?? [];
  return sum > 0 ? token : undefined;
}

/** A labeler that explains a feature by one word: the one on which it fires most. It says nothing of questions. */
export const createMostActiveWord = (): Labeler => ({
  name: 'most-active-word',
  settings: {},
  explain: async ({ top }) => {
    const token = mostActive(top);
    return token === undefined ? undefined : JSON.stringify(token);
  },
  classify: async () => undefined,
  score: async (explanation, { heldOutActive: active, heldOutSilent: silent }) => {
    if (active.length === 0 || silent.length === 0) return undefined;
    const predicted = ({ tokens }: ActivationExample) =>
      tokens.some((token) => explanation.includes(JSON.stringify(token)));
    const sensitivity = active.filter(predicted).length / active.length;
    const specificity = silent.filter((window) => !predicted(window)).length / silent.length;
    return {
      balancedAccuracy: (sensitivity + specificity) / 2,
      n: active.length + silent.length,
    };
  },
});
