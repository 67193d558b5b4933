/** Rounds to a number of decimals; exact ties go to the even side, as in Python. */
export function roundHalfEven(value: number, decimals: number): number {
  const halves = value * 2 ** (decimals + 1);
  // In binary, only multiples of 1 / 2^(decimals + 1) can be exact ties; for these, the product below is exact.
  if (Number.isInteger(halves) && halves % 2 !== 0) {
    const below = Math.floor(value * 10 ** decimals);
    return (below + (below % 2 === 0 ? 0 : 1)) / 10 ** decimals;
  }
  return Number(value.toFixed(decimals)) + 0;
}
