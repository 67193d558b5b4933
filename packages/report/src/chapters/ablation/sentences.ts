import type { Statement } from '../../chapter.ts';
import { plainNumber } from '../../plain.ts';
import type { Report } from './schema.ts';

/** Rank p-value above which random features did as much. */
const CHANCE = 0.05;

export const sentences = (report: Report): readonly Statement[] => [
  ...ablation(report).map((text) => ({ importance: 50, text })),
  { importance: 40, text: enrichment(report) },
];

function ablation({ validation }: Report): string[] {
  const runs = validation.ablation;
  const none = runs.find(({ kind }) => kind === 'none');
  if (!none) return [];
  const written = `the mean feedback of a completion (${plainNumber(none.reward.value ?? 0)}, n = ${none.n})`;
  const off = (kind: 'related' | 'carriers', which: string): string => {
    const run = runs.find((each) => each.kind === kind);
    const { difference, p } = run?.reward ?? {};
    const expected = run?.expected;
    if (!run || !difference || !expected?.difference) return '';
    const { low, high } = difference.interval;
    const draws = runs.filter(({ against }) => against === kind).length;
    return `Without the ${run.features} features ${which} ${written} changes by ${plainNumber(difference.value)} (95 % interval ${plainNumber(low)} to ${plainNumber(high)}; ${rank(p ?? null)}), the expected feedback of a token by ${expected.difference.value.toFixed(4)} (${rank(expected.p)})${draws > 0 ? ` among ${draws} draws of as many random features of like frequency` : ''}${matched(p ?? null, expected.p)}.`;
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
  p === null ? 'no random features to compare with' : `p = ${plainNumber(p)}`;

/** What random features do as well. */
function matched(completions: number | null, tokens: number | null): string {
  const [first, second] = [completions, tokens].map((p) => p !== null && p > CHANCE);
  if (first && second) return ': random features match both';
  return first || second ? `: random features match the ${first ? 'first' : 'second'}` : '';
}

function enrichment({ validation }: Report): string {
  const { oddsRatio, control } = validation.enrichment;
  if (oddsRatio === null || !control) return '';
  const verdict = control.p > CHANCE ? ', which match it' : '';
  return `The odds that a token carries strong stated feedback are ${plainNumber(oddsRatio)} times as high where a related feature is active (random features of like frequency: ${plainNumber(control.median)} in the middle, ${plainNumber(control.oddsRatios.at(-1) ?? 0)} at most, p = ${plainNumber(control.p)}${verdict}).`;
}
