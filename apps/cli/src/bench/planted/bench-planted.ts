import { join } from 'node:path';
import { chosenConstants } from '@feedprint/probe';
import { hashOf } from '@feedprint/pipeline';
import type { Judgement } from '@feedprint/recipes';
import { version } from '../../version.ts';
import { benchPair, effectOf } from './bench-pair.ts';
import type { MeasuredPair } from './bench-pair.ts';
import type { PlantedPair } from './find-pairs.ts';
import { measurePair, measurePlacebo, openOf, placeboFolder } from './pair-runs.ts';
import type { PlantedBench } from './pair-runs.ts';
import { placeboModels } from './placebo-models.ts';
import { plantedResultSchema } from './result-schema.ts';
import type { PairResult, PlaceboResult, PlantedResult, RestatedResult } from './result-schema.ts';
import { negatedFeedback, partlyReversedFeedback, unrelatedFeedback } from './restated.ts';
import type { Restated } from './restated.ts';
import { SAMPLED_TOKENS } from './sample-counts.ts';
import { sampleTexts } from './sample-texts.ts';
import { summarize } from './summarize.ts';
import type { ReversedWords } from './summarize.ts';

/** Texts that a base writes: enough for a few dozen occurrences of most words. */
const TEXTS = 2000;

/**
 * Runs every method on pairs whose truth is known, and on placebos made of them, and scores what it says. Everything is kept in runs under `out`, so that an
 * interrupted bench continues.
 */
export async function benchPlanted(
  pairs: readonly PlantedPair[],
  bench: PlantedBench,
): Promise<PlantedResult> {
  const measured: MeasuredPair[] = [];
  for (const pair of pairs) {
    bench.say(`${pair.name}: words`);
    const texts = await textsOf(pair, bench);
    const one = { pair, texts };
    measured.push({ ...one, measured: await measurePair(one, bench) });
  }
  const { restated, reversedWords } = restate(measured, bench);
  const placebos = bench.placebos ? await runPlacebos(measured, bench) : [];
  const results: PairResult[] = [];
  for (const one of measured) results.push(await benchPair(one, measured, bench));
  const configuration = configurationOf(measured, bench);
  return plantedResultSchema.parse({
    format: 'feedprint-bench-planted/1',
    feedprint: version,
    configuration,
    hash: hashOf(configuration),
    constants: [...chosenConstants],
    pairs: results,
    restated,
    placebos,
    summary: summarize({
      ...{ pairs: results, restated, placebos },
      reversedWords: [...reversedWords, ...measured.map(plantedWords)],
    }),
  } satisfies PlantedResult);
}

/** How often `benchPlanted` says what it does next. */
export function plantedSteps(
  pairs: readonly PlantedPair[],
  { presets, quick, placebos, settings }: PlantedBench,
): number {
  const made = pairs.flatMap((pair) =>
    placeboModels(settings.seed ?? 0).map(
      ({ name, ofTuned }) => `${ofTuned ? pair.name : pair.base}: ${name}`,
    ),
  );
  return pairs.length * (2 + (quick ? 0 : presets.length)) + (placebos ? new Set(made).size : 0);
}

async function textsOf(pair: PlantedPair, bench: PlantedBench): Promise<string> {
  const given = bench.texts ?? pair.texts;
  if (given !== undefined) return given;
  const file = join(bench.out, pair.name, 'texts.jsonl');
  const base = await openOf(pair.base, bench);
  try {
    await sampleTexts(base, file, { texts: TEXTS, seed: bench.settings.seed ?? 0 });
  } finally {
    await base.dispose();
  }
  return file;
}

/** The measured words against other stated feedback; no model is run. */
function restate(measured: readonly MeasuredPair[], bench: PlantedBench) {
  const restated: RestatedResult[] = [];
  const reversedWords: ReversedWords[] = [];
  for (const { pair, measured: words } of measured) {
    // Of a model that never saw the feedback, nothing is true of any label.
    if (!pair.learned) continue;
    const seed = bench.settings.seed ?? 0;
    const isClean = pair.planted.size === 0;
    const others = [
      ...unrelatedFeedback(words.words, seed),
      negatedFeedback(words.words),
      ...(isClean ? partlyReversedFeedback(words.words, seed) : []),
    ];
    for (const one of others) {
      const judgement = words.judgeAgainst(one.stated);
      restated.push(restatedResult(pair.name, one, judgement));
      if (one.kind === 'reversed at random')
        reversedWords.push({ judgement, reversed: one.reversed });
    }
  }
  return { restated, reversedWords };
}

function restatedResult(
  pair: string,
  { kind, seed, reversed }: Restated,
  judgement: Judgement,
): RestatedResult {
  const flagged = judgement.words.filter((word) => word.flagged);
  return {
    ...{ pair, kind, seed },
    ...effectOf(judgement),
    reversed: reversed.size,
    flagged: flagged.length,
    found: kind === 'negated' ? 0 : flagged.filter(({ token }) => reversed.has(token)).length,
  };
}

const plantedWords = ({ pair, measured }: MeasuredPair): ReversedWords => ({
  judgement: measured.judged,
  reversed: pair.planted,
});

/** Models that cannot have learned the feedback, each once. */
async function runPlacebos(
  measured: readonly MeasuredPair[],
  bench: PlantedBench,
): Promise<PlaceboResult[]> {
  const results: PlaceboResult[] = [];
  const done = new Set<string>();
  for (const one of measured) {
    for (const placebo of placeboModels(bench.settings.seed ?? 0)) {
      const folder = placeboFolder(one, placebo, bench.out);
      if (done.has(folder)) continue;
      done.add(folder);
      const of = placebo.ofTuned ? one.pair.name : one.pair.base;
      bench.say(`${of}: ${placebo.name}`);
      const { judged } = await measurePlacebo(one, bench, placebo, one.measured.rows);
      results.push({
        ...{ of, placebo: placebo.name },
        ...effectOf(judged),
        flagged: judged.words.filter(({ flagged }) => flagged).length,
      });
    }
  }
  return results;
}

/** Everything that decides the figures. */
const configurationOf = (
  measured: readonly MeasuredPair[],
  { presets, quick, placebos, samples, settings, saeTokens, threads }: PlantedBench,
): PlantedResult['configuration'] => ({
  ...{ settings, presets: quick ? [] : presets, saeTokens: saeTokens ?? null, threads },
  ...{ placebos, samples },
  sampledTokens: SAMPLED_TOKENS,
  constants: chosenConstants.map(({ name, value }) => [name, value]),
  pairs: measured.map(({ pair, measured: { identity } }) => ({
    pair: pair.name,
    planted: [...pair.planted].sort((a, b) => a - b),
    learned: pair.learned,
    evidence: pair.evidence,
    ...identity,
  })),
});
