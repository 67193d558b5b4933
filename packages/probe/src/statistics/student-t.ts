import { incompleteBeta } from './incomplete-beta.ts';

/** Distribution function of Student's t with `nu` degrees of freedom. Source: DLMF 8.17 (the incomplete beta function). */
export function studentTCdf(t: number, nu: number): number {
  const square = t * t;
  const tail = 0.5 * incompleteBeta(nu / 2, 0.5, nu / (nu + square), square / (nu + square));
  return t > 0 ? 1 - tail : tail;
}

/** The `t` below which Student's t with `nu` degrees of freedom falls with probability `p` in (0, 1), by bisection. */
export function studentTQuantile(p: number, nu: number): number {
  let [low, high] = [-1, 1];
  while (studentTCdf(low, nu) > p) low *= 2;
  while (studentTCdf(high, nu) < p) high *= 2;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (studentTCdf(middle, nu) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
