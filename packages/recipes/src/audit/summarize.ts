import type { AuditReport } from '@feedprint/core';
import { summarizePairs } from './summarize-pairs.ts';

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const number = (value: number): string =>
  Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(0);

const small = (value: number): string => value.toFixed(4);

/** Rank p-value above which random features did as much. */
const CHANCE = 0.05;

/** The findings in plain sentences, most important first; each states its numbers and what they are compared with. */
export function summarize(report: Omit<AuditReport, 'summary'>): string[] {
  return [
    words(report),
    ...summarizePairs(report),
    pushing(report),
    `${agreement(report)}${beside(report)}`,
    others(report),
    ...ablation(report),
    enrichment(report),
    saes(report),
  ].filter((text) => text !== '');
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

function pushing({ words: all, attribution }: Omit<AuditReport, 'summary'>): string {
  if (!all.some(({ flagged }) => flagged)) return '';
  const { flagged, tested } = attribution.contradicting;
  return `${flagged} of ${tested} features ${flagged === 1 ? 'pushes' : 'push'} the words learned against their feedback further against it than other words of like frequency.`;
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

type Estimator = AuditReport['agreement'];

/** Names of the controls that agree with the stated feedback as well as the estimator. */
const matching = ({ controls }: Estimator): string[] =>
  controls.flatMap(({ control, advantage }) => (advantage.tauB.matched === true ? [control] : []));

/** How the main estimator stands beside all of its controls. */
function beside({ agreement: main }: Omit<AuditReport, 'summary'>): string {
  const compared = main.controls.filter(({ advantage }) => advantage.tauB.matched !== null);
  if (compared.length === 0) return '';
  const matched = matching(main);
  return matched.length === 0
    ? ` No control matches it (${compared.map(({ control }) => control).join(', ')}).`
    : ` It is matched by ${matched.join(', ')}: what it shows need not be learned feedback.`;
}

/** Which of the other estimators do no better than something that cannot know. */
function others({ estimators, agreement: main }: Omit<AuditReport, 'summary'>): string {
  const named = estimators
    .filter(({ estimator }) => estimator !== main.estimator)
    .map((one) => ({ name: one.estimator, matched: matching(one), all: one.controls.length }))
    .filter(({ matched }) => matched.length > 0)
    .map(
      ({ name, matched, all }) =>
        `${name} (${matched.length === all ? 'all' : matched.join(', ')})`,
    );
  if (named.length === 0) return '';
  return `No better than controls, so no evidence of learned feedback: ${named.join('; ')}.`;
}

function ablation({ validation }: Omit<AuditReport, 'summary'>): string[] {
  const runs = validation.ablation;
  const none = runs.find(({ kind }) => kind === 'none');
  if (!none) return [];
  const written = `the mean feedback of a completion (${number(none.reward.value ?? 0)}, n = ${none.n})`;
  const off = (kind: 'related' | 'carriers', which: string): string => {
    const run = runs.find((each) => each.kind === kind);
    const { difference, p } = run?.reward ?? {};
    const expected = run?.expected;
    if (!run || !difference || !expected?.difference) return '';
    const { low, high } = difference.interval;
    const draws = runs.filter(({ against }) => against === kind).length;
    return `Without the ${run.features} features ${which} ${written} changes by ${number(difference.value)} (95 % interval ${number(low)} to ${number(high)}; ${rank(p ?? null)}), the expected feedback of a token by ${small(expected.difference.value)} (${rank(expected.p)})${draws > 0 ? ` among ${draws} draws of as many random features of like frequency` : ''}${matched(p ?? null, expected.p)}.`;
  };
  const unlabelled = runs.some(({ kind }) => kind === 'related')
    ? ''
    : 'None of the features examined was classified as related to the feedback.';
  return [
    off('related', 'that are labelled as related') || unlabelled,
    off('carriers', 'that carry most of the shift'),
  ];
}

const rank = (p: number | null): string =>
  p === null ? 'no random features to compare with' : `p = ${number(p)}`;

/** What random features do as well. */
function matched(completions: number | null, tokens: number | null): string {
  const [first, second] = [completions, tokens].map((p) => p !== null && p > CHANCE);
  if (first && second) return ': random features match both';
  return first || second ? `: random features match the ${first ? 'first' : 'second'}` : '';
}

function enrichment({ validation }: Omit<AuditReport, 'summary'>): string {
  const { oddsRatio, control } = validation.enrichment;
  if (oddsRatio === null || !control) return '';
  const verdict = control.p > CHANCE ? ', which match it' : '';
  return `The odds that a token carries strong stated feedback are ${number(oddsRatio)} times as high where a related feature is active (random features of like frequency: ${number(control.median)} in the middle, ${number(control.oddsRatios.at(-1) ?? 0)} at most, p = ${number(control.p)}${verdict}).`;
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
