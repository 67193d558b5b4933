import type { Statement } from '../../chapter.ts';
import { plainNumber } from '../../plain.ts';
import { plural } from '../../text.ts';
import { CHANCE } from './outcome.ts';
import type { Report } from './schema.ts';

export const sentences = (report: Report): readonly Statement[] => [
  ...ablation(report).map((text) => ({ importance: 50, text })),
  { importance: 40, text: enrichment(report) },
];

function ablation({ validation }: Report): string[] {
  const runs = validation.ablation;
  const none = runs.find(({ kind }) => kind === 'none');
  if (!none) return [];
  const written = `the mean feedback per completion (${plainNumber(none.reward.value ?? 0)}, n = ${none.n})`;
  const off = (kind: 'related' | 'carriers', which: string): string => {
    const run = runs.find((each) => each.kind === kind);
    const { difference, p } = run?.reward ?? {};
    const expected = run?.expected;
    if (!run || !difference || !expected?.difference) return '';
    const { low, high } = difference.interval;
    const draws = runs.filter(({ against }) => against === kind).length;
    return `Ablating the ${plural(run.features, 'feature')} ${which} changes ${written} by ${plainNumber(difference.value)} (95 % interval ${plainNumber(low)} to ${plainNumber(high)}; ${rank(p ?? null)}) and the expected feedback per token by ${expected.difference.value.toFixed(4)} (${rank(expected.p)})${beside(draws, p ?? null, expected.p)}.`;
  };
  const unlabelled = runs.some(({ kind }) => kind === 'related')
    ? ''
    : 'None of the features examined was classified as related to the feedback.';
  return [
    off('related', 'labelled as related') || unlabelled,
    off('carriers', 'carrying most of the shift'),
  ];
}

const rank = (p: number | null): string =>
  p === null ? 'no random features to compare with' : `p = ${plainNumber(p)}`;

/** What the p-values are ranks among, and which of the two effects random features match. */
function beside(draws: number, completion: number | null, token: number | null): string {
  if (draws === 0) return '';
  const [first, second] = [completion, token].map((p) => p !== null && p > CHANCE);
  const rank = `, where p is the rank among ${plural(draws, 'frequency-matched random set')}`;
  if (!first && !second) return rank;
  const matched =
    first && second ? 'both' : first ? 'the feedback per completion' : 'the expected feedback';
  return `${rank}. Ablating random sets has as large an effect on ${matched}`;
}

function enrichment({ validation }: Report): string {
  const { oddsRatio, control } = validation.enrichment;
  if (oddsRatio === null || !control) return '';
  const verdict = control.p > CHANCE ? '; they do as well' : '';
  return `The odds that a token carries strong stated feedback are ${plainNumber(oddsRatio)} times as high where a related feature is active (frequency-matched random features: median ${plainNumber(control.median)}, maximum ${plainNumber(control.oddsRatios.at(-1) ?? 0)}, p = ${plainNumber(control.p)}${verdict}).`;
}
