import type { ExplanationScore } from '@feedprint/core';
import type { JudgeCalibration, LabelResult, Labels } from '@feedprint/recipes';
import { alignColumns, percent } from '../tables.ts';

/** A line per feature: both scores, whether it is related, and what it is said to respond to. */
export function formatLabels({
  labels: { features, enrichment, judge, related },
  file,
}: LabelResult): string {
  const isSimulated = features.some(({ simulation }) => simulation !== null);
  const rows = features.map(({ id, label, related, detection, fuzzing, simulation }) => [
    id,
    score(detection),
    score(fuzzing),
    ...(isSimulated ? [simulation?.correlation.toFixed(2) ?? '-'] : []),
    related === null ? '-' : related ? 'yes' : 'no',
    label ?? 'no usable answer',
  ]);
  const table = alignColumns(
    [
      [
        'feature',
        'detection',
        'fuzzing',
        ...(isSimulated ? ['simulation'] : []),
        'related',
        'label',
      ],
      ...rows,
    ],
    new Set(isSimulated ? [1, 2, 3] : [1, 2]),
  );
  const scored = features.flatMap(({ detection }) =>
    detection ? [detection.balancedAccuracy] : [],
  );
  const mean = scored.reduce((sum, value) => sum + value, 0) / scored.length;
  const lines = [
    ...table,
    '',
    `labels: ${file}`,
    scored.length === 0
      ? 'no explanation could be scored'
      : `mean detection of ${scored.length} explanations: ${mean.toFixed(2)} (0.50 is chance)`,
  ];
  if (judge) lines.push(...judge.map(formatJudge));
  if (related) lines.push(formatRelated(related));
  if (enrichment) {
    lines.push(describeEnrichment(features, enrichment));
  }
  return `${lines.join('\n')}\n`;
}

function describeEnrichment(
  features: Labels['features'],
  { oddsRatio, control }: NonNullable<Labels['enrichment']>,
): string {
  if (!features.some(({ related }) => related)) return 'no feature was found to be related';
  const ratio =
    oddsRatio === null
      ? 'no odds ratio, since one of the counts is 0'
      : `odds ratio ${oddsRatio.toFixed(2)}`;
  const random = control
    ? `; frequency-matched random ones ${control.median.toFixed(2)} (rank p ${control.p.toFixed(3)})`
    : '';
  return `related features on strong feedback: ${ratio}${random}`;
}

/** How far the judge can be trusted, in one line. */
export function formatJudge({
  task,
  judge,
  accuracy,
  bias,
  evidenceGain,
  agreement,
}: JudgeCalibration): string {
  const says = bias
    ? `, says yes ${points(bias.value)} points too often${within(bias.interval)}`
    : '';
  const other =
    agreement?.agreed == null
      ? ''
      : `; agrees with the second judge on ${percent(agreement.agreed)} (kappa ${agreement.kappa?.toFixed(2) ?? '-'})`;
  const gain = evidenceGain
    ? `, ${points(evidenceGain.value)} points more often than without evidence${within(evidenceGain.interval)}`
    : '';
  return `${judge} at ${task}: right on ${percent(accuracy.value)} of ${accuracy.trials} known answers${gain}${says}${other}`;
}

const points = (share: number): string => (100 * share).toFixed(1);
const within = (interval: { low: number; high: number } | null): string =>
  interval ? ` [${points(interval.low)}, ${points(interval.high)}]` : '';

const formatRelated = ({ observed, value, interval }: NonNullable<Labels['related']>): string =>
  value === null
    ? `share of related features: ${percent(observed.value)} as judged; the judge is no better than chance`
    : `share of related features: ${percent(observed.value)} as judged, ${percent(value)}${within(interval)} corrected for the judge`;

const score = (given: ExplanationScore | null): string =>
  given === null ? '-' : given.balancedAccuracy.toFixed(2);
