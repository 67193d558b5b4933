import type { OutcomeCounts, ReflectionReport } from '@feedprint/recipes';
import { formatGrader } from '../feedback/format-grader.ts';
import { counted } from '../texts.ts';

/** What became of the two passes, quality before and after, and how far the judge of it can be trusted. */
export function formatReflection(report: ReflectionReport, file: string): string {
  const { examples, changed, instruction, reply, quality, length, judge } = report;
  const { n, before, after, gain } = quality;
  const lines = [
    `${changed} of ${counted(examples, 'example')} changed: ${file}`,
    `prompts: ${outcomes(instruction)}`,
    `replies: ${outcomes(reply)}`,
  ];
  if (before === null || after === null || gain === null) {
    lines.push('quality: nothing was changed and graded both before and after');
  } else {
    const within = gain.interval
      ? ` [${gain.interval.low.toFixed(2)}, ${gain.interval.high.toFixed(2)}]`
      : '';
    lines.push(
      `quality, of 1 to 5: ${before.toFixed(2)} before, ${after.toFixed(2)} after, a gain of ${gain.value.toFixed(2)}${within} on ${n} that changed; new replies are ${(length ?? 1).toFixed(2)} times as long`,
    );
  }
  const trusted = judge
    ? `\nthe judge, on what is known:\n${formatGrader(judge)}`
    : 'how far the judge can be trusted was not asked: add --calibrate\n';
  return `${lines.join('\n')}\n${trusted}`;
}

const outcomes = (counts: OutcomeCounts): string =>
  Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([outcome, count]) => `${count} ${said[outcome] ?? outcome}`)
    .join(', ');

const said: Readonly<Record<string, string>> = {
  unusable: 'kept, no usable answer',
  blank: 'kept, a blank answer',
  overlong: 'kept, an overlong answer',
  rejected: 'kept, the rejected reply again',
  skipped: 'not asked about',
};
