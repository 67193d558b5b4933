import type { ActivationStatistics } from '@feedprint/core';

/** Moments of a feature's activations over all tokens of all texts. */
export function activationStatistics(activations: readonly Float32Array[]): ActivationStatistics {
  let [tokens, active, sum] = [0, 0, 0];
  for (const text of activations) {
    tokens += text.length;
    for (const value of text) {
      sum += value;
      if (value > 0) active++;
    }
  }
  const mean = tokens === 0 ? 0 : sum / tokens;
  let [second, third, fourth] = [0, 0, 0];
  for (const text of activations) {
    for (const value of text) {
      const square = (value - mean) ** 2;
      second += square;
      third += square * (value - mean);
      fourth += square * square;
    }
  }
  const variance = tokens === 0 ? 0 : second / tokens;
  const varies = variance > 0;
  return {
    tokens,
    density: tokens === 0 ? 0 : active / tokens,
    mean,
    variance,
    skewness: varies ? third / tokens / variance ** 1.5 : null,
    kurtosis: varies ? fourth / tokens / variance ** 2 : null,
  };
}
