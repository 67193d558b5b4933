import { describeSkipped } from '../readers/tally.ts';
import type { PairRecord, PairSummary } from './pair-file.ts';

export interface DescribePairsOptions {
  /** Characters per line, at least 40. Default 80. */
  readonly columns?: number;
}

/**
 * What a file of pairs was taken for, for people: how many pairs, ties, duplicates and rows left out there are, which
 * labels, and the first pairs, a line for the end of the prompt and for the beginning of each reply.
 */
export function describePairs(
  { count, ties, duplicates, signals, layout, skipped, examples }: PairSummary,
  { columns = 80 }: DescribePairsOptions = {},
): string {
  const counts = [
    counted(count, 'pair'),
    ...(ties > 0 ? [`${counted(ties, 'tie')} among them`] : []),
    ...(duplicates > 0 ? [counted(duplicates, 'duplicate')] : []),
  ];
  return [
    `${counts.join(', ')}; layout ${layout}`,
    ...(skipped.length > 0 ? [`left out ${describeSkipped(skipped)}`] : []),
    ...(signals.length > 0 ? [`labels ${signals.join(', ')}; the first says what is chosen`] : []),
    ...examples.flatMap((pair) => example(pair, Math.max(40, columns))),
  ].join('\n');
}

/** Width of what stands before a text. */
const INDENT = 12;

function example({ prompt, chosen, rejected, tie }: PairRecord, columns: number): string[] {
  const width = columns - INDENT;
  const [first, second] = tie ? ['tied', 'tied'] : ['chosen', 'rejected'];
  const line = (name: string, text: string): string => `  ${name.padEnd(INDENT - 2)}${text}`;
  return [
    line('prompt', lastOf(prompt, width)),
    line(first, firstOf(chosen, width)),
    line(second, firstOf(rejected, width)),
  ];
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function firstOf(text: string, width: number): string {
  const line = oneLine(text);
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

function lastOf(text: string, width: number): string {
  const line = oneLine(text);
  return line.length > width ? `…${line.slice(1 - width)}` : line;
}

const counted = (count: number, what: string): string =>
  `${count} ${count === 1 ? what : `${what}s`}`;
