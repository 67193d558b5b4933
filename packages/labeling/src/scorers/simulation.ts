import type { ActivationExample, ChatModel, SimulationScore } from '@feedprint/core';
import { simulateMessages } from '../prompts/simulate.ts';
import { expectedLevels } from './expected-levels.ts';

/**
 * Simulation (Bills et al. 2023): a chat model writes how active each token of the windows is, from the explanation alone;
 * the score is the correlation of the expected levels with the true activations, over the tokens of all windows together.
 * `undefined` where the server gives no log-probabilities, for an unusable answer, or where one of the two does not vary.
 */
export async function scoreSimulation(
  write: NonNullable<ChatModel['write']>,
  explanation: string,
  windows: readonly ActivationExample[],
): Promise<SimulationScore | undefined> {
  const simulated = await Promise.all(
    windows.map(async ({ tokens }) => {
      const written = await write(simulateMessages(explanation, tokens));
      return written && expectedLevels(tokens, written);
    }),
  );
  const levels: number[] = [];
  for (const one of simulated) {
    if (!one) return undefined;
    levels.push(...one);
  }
  const correlation = correlate(
    levels,
    windows.flatMap(({ activations }) => [...activations]),
  );
  return Number.isFinite(correlation) ? { correlation, n: levels.length } : undefined;
}

/** Pearson's correlation; NaN where one of the two does not vary. */
function correlate(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, i) => {
    const [x, y] = [value - meanA, (b[i] ?? NaN) - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  });
  return ab / Math.sqrt(aa * bb);
}
