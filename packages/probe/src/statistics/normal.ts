import { FeedprintError } from '@feedprint/core';
import { assertProbabilities } from './checks.ts';

const inverseRootTwoPi = 1 / Math.sqrt(2 * Math.PI);
const seriesLimit = 3;
const fractionTerms = 80;

/**
 * Standard normal distribution function, to about 1e-13 relative in the lower tail. Throws `numbers-invalid` for NaN.
 * Source: series by Marsaglia, "Evaluating the Normal Distribution" (2004), and Laplace's continued fraction beyond |x| = 3.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) {
    throw new FeedprintError({
      code: 'numbers-invalid',
      message: 'the normal distribution function got NaN',
      remedy: 'pass a number',
    });
  }
  if (x > seriesLimit) return 1 - upperTail(x);
  if (x < -seriesLimit) return upperTail(-x);
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + sum * density(x);
}

/**
 * The `x` below which a standard normal falls with probability `p`; -Infinity at 0, Infinity at 1.
 * Throws `numbers-invalid` outside [0, 1]. Source: Wichura, algorithm AS 241 (PPND16), about 1e-16 relative.
 */
export function normalQuantile(p: number): number {
  assertProbabilities([p], 'the normal quantile function');
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(central, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const x = r <= 5 ? ratio(middle, r - 1.6) : ratio(far, r - 5);
  return q < 0 ? -x : x;
}

function density(x: number): number {
  return inverseRootTwoPi * Math.exp(-0.5 * x * x);
}

function upperTail(x: number): number {
  let fraction = x;
  for (let k = fractionTerms; k >= 1; k--) fraction = x + k / fraction;
  return density(x) / fraction;
}

interface Rational {
  /** Coefficients, highest power first. */
  readonly above: readonly number[];
  readonly below: readonly number[];
}

function ratio({ above, below }: Rational, x: number): number {
  return polynomial(above, x) / polynomial(below, x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

const central: Rational = {
  above: [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
    1971.5909503065513, 133.14166789178438, 3.3871328727963665,
  ],
  below: [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
    687.1870074920579, 42.31333070160091, 1.0,
  ],
};

const middle: Rational = {
  above: [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,
    3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  below: [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008,
    0.6897673349851, 1.6763848301838038, 2.053191626637759, 1.0,
  ],
};

const far: Rational = {
  above: [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  below: [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1.0,
  ],
};
