import { assertPaired } from './checks.ts';

/**
 * Share of the non-zero stated values whose estimate has the same sign; an estimate of 0 has no sign and counts as
 * wrong. `undefined` if fewer than 3 stated values have a sign. Throws `numbers-invalid` for numbers that are not
 * finite.
 */
export function signAccuracy(
  estimate: ArrayLike<number>,
  stated: ArrayLike<number>,
): number | undefined {
  assertPaired(estimate, stated, ['estimate', 'stated']);
  let signed = 0;
  let right = 0;
  for (let i = 0; i < stated.length; i++) {
    const sign = Math.sign(stated[i] as number);
    if (sign === 0) continue;
    signed++;
    if (Math.sign(estimate[i] as number) === sign) right++;
  }
  return signed < 3 ? undefined : right / signed;
}
