import { createRandom } from '@feedprint/core';
import type { Random } from '@feedprint/core';
import { repliesOf } from '@feedprint/feedback';
import type { PairRecord } from '@feedprint/feedback';
import { effectsThroughFeatures, risePerDeviation } from '@feedprint/probe';
import {
  createReplyEncoder,
  differenceProperties,
  openRunModels,
  pairMargins,
  readNamedPairs,
} from '@feedprint/recipes';
import type { ReplyEncoder, RunModels } from '@feedprint/recipes';

/** Pairs that either baseline reads at most, drawn at random. */
const PAIRS = 3000;
/** Names of splits that tuning saw. */
const TRAINED = /^train/i;

/** What pairs and models say of a property without any reply that was written afresh. */
export interface PairBaselines {
  /** What features of differences between replies make of the labels, logits per typical difference in the property. */
  readonly throughFeatures: number;
  /** How far the margin of pairs that tuning saw rises with it, nats per typical difference. */
  readonly seenMargin: number;
}

export interface PairBaselinesOptions {
  /** Folder of the audit, whose models are opened again. */
  readonly run: string;
  /** File of the pairs. */
  readonly pairs: string;
  /** The property of the preferred less that of the other reply, by index in the file; NaN where it is not known. */
  readonly differences: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly threads: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/**
 * Scores every property by the pairs: the features of a signed SAE of differences (WIMHF), learned from half of the prompts and
 * fitted to the labels of the others; and the implicit margins of the pairs that tuning saw.
 */
export async function pairBaselines({
  run,
  differences,
  seed,
  signal,
  threads,
  ...file
}: PairBaselinesOptions): Promise<ReadonlyMap<string, PairBaselines>> {
  const { pairs } = await readNamedPairs(file.pairs, { signal });
  const models = await openRunModels(run, { threads });
  try {
    const { tokenizer, info } = models.tuned;
    const encoder = createReplyEncoder({ tokenizer, contextLength: info.contextLength });
    const random = createRandom(seed).fork('pair baselines');
    const places = [...pairs.keys()].filter((place) => pairs[place]?.tie !== true);
    const job = { models, encoder, signal, differences: differencesIn(pairs, differences) };
    const seen = places.filter((place) => wasSeen(pairs[place] as PairRecord));
    const margins = await seenMargins(job, pairs, draw(seen, random.fork('margins')));
    const effects = await throughFeatures(job, pairs, random);
    return new Map(
      [...differences.keys()].map((name) => [
        name,
        { throughFeatures: effects.get(name) ?? 0, seenMargin: margins.get(name) ?? 0 },
      ]),
    );
  } finally {
    await models.tuned.dispose();
    await models.base.dispose();
  }
}

const wasSeen = ({ split }: PairRecord): boolean => split === undefined || TRAINED.test(split);

const draw = (places: readonly number[], random: Random): number[] =>
  random.shuffle([...places]).slice(0, PAIRS);

interface PairJob {
  readonly models: RunModels;
  readonly encoder: ReplyEncoder;
  readonly signal: AbortSignal;
  /** Of these places among the pairs, by property. */
  readonly differences: ReadonlyMap<string, (places: readonly number[]) => Float64Array>;
}

const differencesIn = (
  pairs: readonly PairRecord[],
  differences: PairBaselinesOptions['differences'],
): PairJob['differences'] =>
  new Map(
    [...differences].map(([name, byIndex]) => [
      name,
      (places) =>
        Float64Array.from(places, (place) => byIndex.get(pairs[place]?.row ?? place) ?? NaN),
    ]),
  );

async function seenMargins(
  { models, encoder, differences }: PairJob,
  pairs: readonly PairRecord[],
  places: readonly number[],
): Promise<ReadonlyMap<string, number>> {
  const shown = places.map((place) => pairs[place] as PairRecord);
  const margins = await pairMargins({ ...models, encoder, pairs: shown });
  return new Map(
    [...differences].map(([name, of]) => [name, risePerDeviation(of(places), margins)]),
  );
}

/** Ties are among the pairs: they have differences to learn features from, and half a label for either reply. */
async function throughFeatures(
  { models, encoder, differences, signal }: PairJob,
  pairs: readonly PairRecord[],
  random: Random,
): Promise<ReadonlyMap<string, number>> {
  const drawn = draw([...pairs.keys()], random.fork('features'));
  const { properties, unseen } = await differenceProperties({
    ...{ model: models.base, encoder, random, signal },
    pairs: drawn.map((place) => pairs[place] as PairRecord),
  });
  const places = Array.from(unseen, (i) => drawn[i] as number);
  const records = places.map((place) => pairs[place] as PairRecord);
  const replies = records.flatMap(repliesOf);
  const features: Float64Array[] = [];
  for (const { measure } of properties) {
    const values = await measure(replies);
    features.push(Float64Array.from(records, (_, i) => difference(values, i)));
  }
  const effects = effectsThroughFeatures({
    features: {
      differences: features,
      weights: Float64Array.from(records, ({ weight = 1 }) => weight),
      ties: Uint8Array.from(records, ({ tie }) => Number(tie ?? false)),
      groups: Int32Array.from(records.keys()),
    },
    properties: [...differences.values()].map((of) => of(places)),
  });
  return new Map([...differences.keys()].map((name, p) => [name, effects[p] as number]));
}

/** Of a feature, in the pair whose replies stand side by side; 0 where a reply has no token of its own. */
function difference(values: Float64Array, pair: number): number {
  const found = (values[2 * pair] as number) - (values[2 * pair + 1] as number);
  return Number.isNaN(found) ? 0 : found;
}
