import { extent } from '../../charts/scale.ts';
import { mean } from '../../format.ts';
import type { Report } from './schema.ts';

/**
 * The straight line through the words' expected estimates (least squares), from the least to the greatest stated
 * feedback, and its height where nothing was stated; none where all words were told the same.
 */
export function expectedLine(words: Report['words']): {
  readonly line: (readonly [number, number])[];
  readonly neutral?: number;
} {
  const x = mean(words.map((word) => word.stated)) ?? 0;
  const y = mean(words.map((word) => word.expected)) ?? 0;
  const spread = words.reduce((sum, word) => sum + (word.stated - x) ** 2, 0);
  if (spread === 0) return { line: [] };
  const slope =
    words.reduce((sum, word) => sum + (word.stated - x) * (word.expected - y), 0) / spread;
  return {
    line: extent(words.map((word) => word.stated)).map((end) => [end, y + slope * (end - x)]),
    neutral: y - slope * x,
  };
}
