import { rateOf, recallByPower, spreadOf } from '@feedprint/probe';
import type { Rate } from '@feedprint/probe';
import type { Judgement } from '@feedprint/recipes';
import { RATE } from './probability-methods.ts';
import type {
  MethodScore,
  PairResult,
  PlaceboResult,
  RestatedResult,
  Summary,
} from './result-schema.ts';

/** What the audit said where some words are known to be reversed. */
export interface ReversedWords {
  readonly judgement: Judgement;
  readonly reversed: ReadonlySet<number>;
}

export interface BenchFigures {
  readonly pairs: readonly PairResult[];
  readonly restated: readonly RestatedResult[];
  readonly placebos: readonly PlaceboResult[];
  readonly reversedWords: readonly ReversedWords[];
}

/** All pairs together. */
export function summarize({ pairs, restated, placebos, reversedWords }: BenchFigures): Summary {
  const atRandom = restated.filter(({ kind }) => kind === 'reversed at random');
  const flags = pairs.map(({ flagged }) => flagged.length);
  const falseFlags = pairs.map(({ falselyFlagged }) => falselyFlagged.length);
  const planted = pairs.map((pair) => pair.planted);
  const reversedFlags = atRandom.map(({ flagged }) => flagged);
  const reversedFalse = atRandom.map(({ flagged, found }) => flagged - found);
  const strength = reversedWords
    .filter(({ judgement }) => judgement.effect.verdict === 'learned')
    .flatMap(({ judgement, reversed }) =>
      judgement.words.flatMap(({ token, power, flagged }) =>
        reversed.has(token) && power ? [{ power: power.power, flagged }] : [],
      ),
    );
  return {
    methods: summarizeMethods(pairs),
    falseDiscovery: {
      nominal: RATE,
      pairs: rateOf(sum(falseFlags), sum(flags)),
      reversedAtRandom: rateOf(sum(reversedFalse), sum(reversedFlags)),
      all: rateOf(sum([...falseFlags, ...reversedFalse]), sum([...flags, ...reversedFlags])),
      behaviour: behaviourRate(pairs),
    },
    anyFlag: anyFlag(pairs, restated, placebos),
    recall: {
      pairs: rateOf(sum(flags) - sum(falseFlags), sum(planted)),
      reversedAtRandom: rateOf(
        sum(reversedFlags) - sum(reversedFalse),
        sum(atRandom.map(({ reversed }) => reversed)),
      ),
      byPower: recallByPower(strength),
    },
    verdicts: tallies([
      ...pairs.map((pair) => ({ of: `${pair.truth} pair`, verdict: pair.verdict })),
      ...placebos.map(({ placebo, verdict }) => ({ of: kindOf(placebo), verdict })),
      ...restated.map(({ kind, verdict }) => ({ of: `labels ${kind}`, verdict })),
    ]),
  };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** `weight noise 2` is one of weight noise; temperatures are each a kind. */
const kindOf = (placebo: string): string => placebo.replace(/^(weight noise) \d+$/, '$1');

/** Flagged words that the model does not write against their feedback, of those flagged whose rate can be told. */
function behaviourRate(pairs: readonly PairResult[]): Rate {
  const scored = pairs.flatMap(({ methods }) => {
    const [main] = methods;
    return main?.behaviour ? [main.behaviour] : [];
  });
  return rateOf(
    sum(scored.map(({ falseFlags }) => falseFlags ?? 0)),
    sum(scored.map(({ flagged }) => flagged ?? 0)),
  );
}

function anyFlag(
  pairs: readonly PairResult[],
  restated: readonly RestatedResult[],
  placebos: readonly PlaceboResult[],
): Summary['anyFlag'] {
  const runs = [
    ...placebos.map(({ placebo, flagged }) => ({ of: kindOf(placebo), flagged })),
    ...restated
      .filter(({ kind }) => kind !== 'reversed at random')
      .map(({ kind, flagged }) => ({ of: `labels ${kind}`, flagged })),
    ...pairs
      .filter(({ truth }) => truth === 'placebo')
      .map(({ flagged }) => ({ of: 'tuned on something else', flagged: flagged.length })),
  ];
  const kinds = [...new Set(runs.map(({ of }) => of))];
  const rate = (some: typeof runs): Rate =>
    rateOf(some.filter(({ flagged }) => flagged > 0).length, some.length);
  return [
    ...kinds.map((kind) => ({ placebo: kind, rate: rate(runs.filter(({ of }) => of === kind)) })),
    { placebo: 'all', rate: rate(runs) },
  ];
}

function tallies(
  said: readonly { readonly of: string; readonly verdict: PairResult['verdict'] }[],
): Summary['verdicts'] {
  const kinds = [...new Set(said.map(({ of }) => of))];
  return kinds.map((kind) => {
    const count = (verdict: PairResult['verdict']): number =>
      said.filter((one) => one.of === kind && one.verdict === verdict).length;
    return {
      of: kind,
      learned: count('learned'),
      reversed: count('reversed'),
      unrelated: count('unrelated'),
      undecided: count('undecided'),
    };
  });
}

function summarizeMethods(pairs: readonly PairResult[]): Summary['methods'] {
  const byKey = new Map<string, { readonly pair: string; readonly score: MethodScore }[]>();
  for (const { pair, methods } of pairs) {
    for (const score of methods) {
      const key = `${score.method} ${score.preset} ${score.labels}`;
      byKey.set(key, [...(byKey.get(key) ?? []), { pair, score }]);
    }
  }
  return [...byKey.values()].map((scores) => {
    const [first] = scores as [(typeof scores)[number]];
    const { method, preset, labels } = first.score;
    const spread = (value: (score: MethodScore) => number | null) =>
      spreadOf(scores.map(({ pair, score }) => ({ pair, value: value(score) })));
    const total = (value: (score: MethodScore) => number): number =>
      sum(scores.map(({ score }) => value(score)));
    const flags = total(({ construction }) => construction.flagged ?? 0);
    const wrong = total(({ construction }) => construction.falseFlags ?? 0);
    const isFlagging = scores.every(({ score }) => score.construction.flagged !== null);
    return {
      ...{ method, preset, labels },
      auroc: spread(({ construction }) => construction.auroc),
      averagePrecision: spread(({ construction }) => construction.averagePrecision),
      behaviour: spread(({ behaviour }) => behaviour?.auroc ?? null),
      recall: isFlagging
        ? rateOf(
            flags - wrong,
            total(({ construction }) => construction.planted),
          )
        : null,
      falseDiscovery: isFlagging ? rateOf(wrong, flags) : null,
    };
  });
}
