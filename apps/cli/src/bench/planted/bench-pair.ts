import { join } from 'node:path';
import { hash32 } from '@feedprint/core';
import { coverageOf, coverageOfHalves } from '@feedprint/probe';
import type { Estimated } from '@feedprint/probe';
import { hashOf } from '@feedprint/pipeline';
import type { Judgement, MeasuredWords } from '@feedprint/recipes';
import { behaviourOf } from './behaviour.ts';
import { estimateMethods } from './estimate-methods.ts';
import { twinOf } from './find-pairs.ts';
import type { PlantedPair } from './find-pairs.ts';
import { estimatePair, measurePlacebo, openOf } from './pair-runs.ts';
import type { PairOnTexts, PlantedBench } from './pair-runs.ts';
import { matchedTemperature } from './placebo-models.ts';
import { probabilityMethods } from './probability-methods.ts';
import type { CountOf } from './probability-methods.ts';
import type { PairResult } from './result-schema.ts';
import { sampleCounts, SAMPLED_TOKENS } from './sample-counts.ts';
import { scoreMethod } from './score-methods.ts';

/** A pair whose words were measured. */
export interface MeasuredPair extends PairOnTexts {
  readonly measured: MeasuredWords;
}

/** Occurrences from which a word counts as frequent. */
const FREQUENT = 20;

/** Scores every method on one pair; `all` are the pairs among which its clean twin is looked for. */
export async function benchPair(
  one: MeasuredPair,
  all: readonly MeasuredPair[],
  bench: PlantedBench,
): Promise<PairResult> {
  const { pair, texts, measured } = one;
  const twin = all.find(
    (other) =>
      other.pair ===
      twinOf(
        pair,
        all.map((each) => each.pair),
      ),
  );
  bench.say(`${pair.name}: what it has to beat`);
  const { samples, behaviour, sampling } = await sampled(one, twin, bench);
  const matched = bench.placebos
    ? await measurePlacebo(one, bench, matchedTemperature, measured.rows)
    : undefined;
  const methods = probabilityMethods({
    measured,
    matched,
    samples,
    seconds: {
      texts: captured(measured),
      matched: matched ? captured(matched) : 0,
      samples: sampling,
    },
  });
  for (const preset of bench.quick ? [] : bench.presets) {
    bench.say(`${pair.name}: estimators on dictionaries (${preset})`);
    methods.push(...estimateMethods(await estimatePair(one, bench, preset), preset));
  }
  const frequent = measured.words.filter(({ n }) => n >= FREQUENT).map(({ token }) => token);
  const truth = {
    planted: pair.planted,
    frequent: new Set(frequent),
    moved: behaviour?.moved,
  };
  return {
    pair: pair.name,
    base: pair.base,
    texts,
    evidence: pair.evidence,
    truth: truthOf(pair),
    planted: measured.words.filter(({ token }) => pair.planted.has(token)).length,
    ...effectOf(measured.judged),
    ...flagsOf(measured.judged, pair.planted),
    coverage: {
      halves: coverageOfHalves(measured.counts),
      twin: twin ? coverageOfTwin(measured, twin.measured, pair.planted) : null,
    },
    behaviour: behaviour?.report ?? null,
    methods: methods.map((method) => scoreMethod(method, truth)),
  };
}

export const truthOf = ({ learned, planted }: PlantedPair): PairResult['truth'] =>
  !learned ? 'placebo' : planted.size > 0 ? 'planted' : 'clean';

/** The verdict and what it rests on. */
export const effectOf = ({
  effect: { verdict, effect, interval },
}: Judgement): Pick<PairResult, 'verdict' | 'effect' | 'interval'> => ({
  verdict,
  effect,
  interval: interval && { low: interval.low, high: interval.high },
});

function flagsOf({ words }: Judgement, planted: ReadonlySet<number>) {
  const flagged = words.filter((word) => word.flagged);
  return {
    flagged: flagged.map(({ word }) => word),
    falselyFlagged: flagged.filter(({ token }) => !planted.has(token)).map(({ word }) => word),
  };
}

/** Between two runs of tuning, over the words that both were told alike. */
function coverageOfTwin(
  { words }: MeasuredWords,
  twin: MeasuredWords,
  planted: ReadonlySet<number>,
) {
  const others = new Map(twin.words.map((word) => [word.token, word]));
  return coverageOf(
    words.flatMap((word): (readonly [Estimated, Estimated])[] => {
      const other = others.get(word.token);
      return other && !planted.has(word.token) ? [[word, other]] : [];
    }),
  );
}

const captured = ({ seconds }: MeasuredWords): number => seconds.get('capture') ?? 0;

/** What the models write: at as many tokens as the audit reads for the baseline, and apart from that for the truth by behaviour. */
async function sampled(
  { pair, measured }: MeasuredPair,
  twin: MeasuredPair | undefined,
  bench: PlantedBench,
) {
  if (bench.samples === 0) return { samples: undefined, behaviour: undefined, sampling: 0 };
  const tokens = measured.rows.reduce((sum, row) => sum + row.length, 0);
  const equal = Math.max(1, Math.round(tokens / SAMPLED_TOKENS));
  const counts = (name: string, fingerprint: string, purpose: string, texts: number) => {
    const seed = hash32(purpose, bench.settings.seed ?? 0);
    const file = `${hashOf({ fingerprint, texts, seed, SAMPLED_TOKENS })}.json`;
    const { signal } = bench;
    return sampleCounts(() => openOf(name, bench), join(bench.out, 'samples', file), {
      ...{ texts, seed, signal },
    });
  };
  const { identity } = measured;
  const base = await counts(pair.base, identity['base'] ?? '', 'word counts', equal);
  const tuned = await counts(pair.tuned, identity['tuned'] ?? '', 'word counts', equal);
  const samples = { base: base.of, tuned: tuned.of };
  const sampling = base.seconds + tuned.seconds;
  if (!twin || pair.planted.size === 0) return { samples, behaviour: undefined, sampling };
  const written = async (name: string, fingerprint: string): Promise<CountOf> =>
    (await counts(name, fingerprint, 'behaviour', bench.samples)).of;
  const both = {
    tuned: await written(pair.tuned, identity['tuned'] ?? ''),
    twin: await written(twin.pair.tuned, twin.measured.identity['tuned'] ?? ''),
  };
  const behaviour = behaviourOf(measured.words, pair.planted, both, twin.pair.name);
  return { samples, behaviour, sampling };
}
