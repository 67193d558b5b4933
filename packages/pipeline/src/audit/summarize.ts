import type { AuditReport } from '@feedprint/core';

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const number = (value: number): string =>
  Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(0);

/** The findings in plain sentences, most important first; each states its numbers and what they are compared with. */
export function summarize(report: Omit<AuditReport, 'summary'>): string[] {
  return [words(report), agreement(report), ablation(report), saes(report)].filter(
    (text) => text !== '',
  );
}

function words({ words: all, feedback }: Omit<AuditReport, 'summary'>): string {
  const flagged = all.filter((word) => word.flagged);
  if (flagged.length === 0) {
    return `No word of ${all.length} scored contradicts the stated ${feedback.name} feedback beyond chance (false discovery rate 5 %).`;
  }
  const named = flagged
    .slice(0, 12)
    .map(({ word }) => `"${word}"`)
    .join(', ');
  const rest = flagged.length > 12 ? ` and ${flagged.length - 12} more` : '';
  return `${flagged.length} of ${all.length} words were learned against the stated ${feedback.name} feedback: ${named}${rest} (false discovery rate 5 %).`;
}

function agreement({ agreement: main }: Omit<AuditReport, 'summary'>): string {
  const { tauB, signAccuracy } = main;
  if (tauB.value === null) return 'The words seen do not allow an agreement to be computed.';
  const interval = tauB.interval
    ? ` (95 % interval ${number(tauB.interval.low)} to ${number(tauB.interval.high)})`
    : '';
  const control = main.controls.find((c) => c.control === 'base model')?.tauB.value;
  const compared =
    control === null || control === undefined
      ? ''
      : `; the base model alone gives ${number(control)}`;
  const signs =
    signAccuracy.value === null
      ? ''
      : ` The sign agrees for ${percent(signAccuracy.value)} of ${signAccuracy.n} words.`;
  return `Learned and stated feedback agree with Kendall's tau-b ${number(tauB.value)}${interval} over ${tauB.n} words${compared}.${signs}`;
}

function ablation({ validation }: Omit<AuditReport, 'summary'>): string {
  const runs = validation.ablation;
  const none = runs.find(({ kind }) => kind === 'none');
  if (!none) return '';
  const off = (kind: 'related' | 'carriers', which: string): string => {
    const run = runs.find((each) => each.kind === kind);
    if (!run) return '';
    const random = runs.filter(({ against }) => against === kind).map(({ reward }) => reward);
    const range =
      random.length > 0
        ? ` (as many random features of like frequency: ${number(Math.min(...random))} to ${number(Math.max(...random))})`
        : '';
    return `${number(run.reward)} with the ${run.features} features off ${which}${range}`;
  };
  const parts = [
    off('related', 'that are labelled as related'),
    off('carriers', 'that carry most of the shift'),
  ].filter((part) => part !== '');
  const unlabelled = runs.some(({ kind }) => kind === 'related')
    ? ''
    : 'None of the features examined was classified as related to the feedback. ';
  return `${unlabelled}The mean feedback of a completion is ${[number(none.reward), ...parts].join('; ')} (n = ${none.n}).`;
}

function saes({ validation, divergence }: Omit<AuditReport, 'summary'>): string {
  const [top] = [...divergence].sort((a, b) => b.l2 - a.l2);
  if (!top) return '';
  const moved = `Tuning moved layer ${top.layer} furthest (L2 ${number(top.l2)}).`;
  const recovered = validation.crossEntropy.flatMap((site) => site.recovered ?? []);
  if (recovered.length === 0) return moved;
  const [low, high] = [percent(Math.min(...recovered)), percent(Math.max(...recovered))];
  const range = low === high ? low : `${low} to ${high}`;
  const all = validation.crossEntropy.length;
  const sites =
    recovered.length === all
      ? 'each site carries'
      : `the ${recovered.length} of ${all} sites carry without which the model does worse`;
  return `${moved} The sparse autoencoders recover ${range} of the cross-entropy that ${sites}.`;
}
