/** Where the asymptotic series are exact to rounding. */
const LARGE = 12;

/** Derivative of the logarithm of the gamma function, for `x` > 0. Source: DLMF 5.5.2 and 5.11.2. */
export function digamma(x: number): number {
  let shift = 0;
  for (; x < LARGE; x++) shift -= 1 / x;
  const r = 1 / (x * x);
  const series = r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r / 132))));
  return shift + Math.log(x) - 1 / (2 * x) - series;
}

/** Derivative of `digamma`, for `x` > 0. Source: DLMF 5.15.5 and 5.15.8. */
export function trigamma(x: number): number {
  let shift = 0;
  for (; x < LARGE; x++) shift += 1 / (x * x);
  const r = 1 / (x * x);
  const series = 1 / 6 - r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - (5 * r) / 66)));
  return shift + 1 / x + r / 2 + (r / x) * series;
}

/** The `x` > 0 at which `trigamma` is `y` > 0, by bisection on the logarithm. */
export function trigammaInverse(y: number): number {
  let [low, high] = [-1, 1];
  while (trigamma(Math.exp(low)) < y) low *= 2;
  while (trigamma(Math.exp(high)) > y) high *= 2;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (trigamma(Math.exp(middle)) > y) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}
