/** Numbers and words for the sentences of the summary, which are read in terminals and logs as well: ASCII alone. */

/** `12 %`. */
export const plainPercent = (share: number, digits = 0): string =>
  `${(100 * share).toFixed(digits)} %`;

/** `0.12`, `12`. */
export const plainNumber = (value: number): string =>
  Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(0);

/** `"good", "bad" and 3 more`: twelve at most. */
export function quoted(words: readonly string[]): string {
  const most = 12;
  const named = words.slice(0, most).map((word) => `"${word}"`);
  return `${named.join(', ')}${words.length > most ? ` and ${words.length - most} more` : ''}`;
}

/** `95 % interval 0.10 to 0.20`. */
export const spokenInterval = ({
  low,
  high,
}: {
  readonly low: number;
  readonly high: number;
}): string => `95 % interval ${plainNumber(low)} to ${plainNumber(high)}`;
