import { benjaminiHochberg, normalCdf, rateChange, residualContradictions } from '@feedprint/probe';
import type { SampledCount, WordEvidence } from '@feedprint/probe';
import type { MeasuredWords } from '@feedprint/recipes';
import type { MethodVerdict, SaidOfWord } from './score-methods.ts';

/** How often a token stands in a model's samples. */
export type CountOf = (token: number) => SampledCount;

export interface ProbabilityEvidence {
  readonly measured: MeasuredWords;
  /** The words as the base shows them at the temperature that matches the tuned model, if it was asked. */
  readonly matched: MeasuredWords | undefined;
  readonly samples: { readonly base: CountOf; readonly tuned: CountOf } | undefined;
  /** Seconds of the pass over the texts, of the one at the matched temperature, and of sampling. */
  readonly seconds: { readonly texts: number; readonly matched: number; readonly samples: number };
}

/** False discovery rate at which word counts are flagged, as the audit's words are. */
export const RATE = 0.05;

/** What can be said of the words from the models' probabilities and samples, without any dictionary: the audit's judgement, and what it has to beat. */
export function probabilityMethods(evidence: ProbabilityEvidence): MethodVerdict[] {
  const { measured, matched, samples, seconds } = evidence;
  const { words, judged, controls } = measured;
  return [
    {
      ...ofTexts('log-ratio', seconds.texts),
      labels: 'stated',
      words: judged.words.flatMap(({ token, score, flagged, expected }) =>
        expected === null ? [] : [{ token, score, flagged }],
      ),
    },
    ...plainly('plain log-ratio', words, seconds.texts),
    ...(matched
      ? plainly(
          'log-ratio beyond a change of temperature',
          beyond(words, matched.words),
          seconds.texts + seconds.matched,
        )
      : []),
    ...(samples ? countsOf(words, samples, seconds.samples) : []),
    ...controls
      .filter(({ control }) => fromTextsAlone.has(control))
      .map(({ control, estimates }): MethodVerdict => {
        const said = residualContradictions(
          estimates,
          words.map(({ stated }) => stated),
        );
        return {
          ...ofTexts(control, seconds.texts),
          labels: 'stated',
          words: words.flatMap(({ token }, i) => {
            const one = said[i];
            return one ? [{ token, score: one.score, flagged: null }] : [];
          }),
        };
      }),
  ];
}

/** Each word's estimate less that of a placebo. */
function beyond(words: readonly WordEvidence[], placebo: readonly WordEvidence[]): WordEvidence[] {
  const own = new Map(placebo.map(({ token, estimate }) => [token, estimate]));
  return words.map((word) => ({
    ...word,
    estimate: word.estimate - (own.get(word.token) ?? 0),
  }));
}

/** Controls of the audit that stand in the table: what can be had without the tuned model. */
const fromTextsAlone: ReadonlySet<string> = new Set(['base model', 'bag of words', 'length']);

const ofTexts = (method: string, seconds: number) => ({ method, preset: null, seconds });

/** By size, and by size against the stated side. */
function plainly(
  method: string,
  words: readonly Pick<WordEvidence, 'token' | 'stated' | 'estimate'>[],
  seconds: number,
): MethodVerdict[] {
  const known = words.filter(({ estimate }) => Number.isFinite(estimate));
  const scored = (score: (word: (typeof known)[number]) => number): SaidOfWord[] =>
    known.map((word) => ({ token: word.token, score: score(word), flagged: null }));
  const own = ofTexts(method, seconds);
  return [
    { ...own, labels: 'none', words: scored(({ estimate }) => Math.abs(estimate)) },
    {
      ...own,
      labels: 'stated',
      words: scored(({ stated, estimate }) => -Math.sign(stated) * estimate),
    },
  ];
}

/** Rates of words in what either model writes; flagged are those against the stated side (one-sided, Benjamini-Hochberg). */
function countsOf(
  words: readonly WordEvidence[],
  { base, tuned }: NonNullable<ProbabilityEvidence['samples']>,
  seconds: number,
): MethodVerdict[] {
  const changes = words.map(({ token }) => rateChange(tuned(token), base(token)));
  const [bySize, against] = plainly(
    'word counts in samples',
    words.map(({ token, stated }, i) => ({
      token,
      stated,
      estimate: changes[i]?.logRateRatio ?? NaN,
    })),
    seconds,
  ) as [MethodVerdict, MethodVerdict];
  const q = benjaminiHochberg(
    words.map(({ stated }, i) => {
      const { logRateRatio = 0, standardError = 1 } = changes[i] ?? {};
      return stated === 0 ? 1 : normalCdf((Math.sign(stated) * logRateRatio) / standardError);
    }),
  );
  return [
    bySize,
    {
      ...against,
      words: against.words.map((word, i) => ({ ...word, flagged: (q[i] as number) <= RATE })),
    },
  ];
}
