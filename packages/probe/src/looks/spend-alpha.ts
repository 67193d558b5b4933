/**
 * The chance of a false alarm that each of several looks at a training may take, so that all of them together take at most
 * `alpha`, however they depend on each other: in proportion to how much of the training lies between a look and the one
 * before (the uniform spending function of Lan and DeMets 1983, by the union bound). `at` says how far the training
 * was at each look: rising, above 0, at most 1.
 */
export const spendAlpha = (at: readonly number[], alpha: number): number[] =>
  at.map((now, i) => alpha * (now - (at[i - 1] ?? 0)));
