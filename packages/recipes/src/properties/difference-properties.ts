import { hash32, matrix, row } from '@feedprint/core';
import type {
  LanguageModel,
  Matrix,
  PreferencePair,
  Property,
  Random,
  Reply,
} from '@feedprint/core';
import { repliesOf } from '@feedprint/feedback';
import { groupKFold } from '@feedprint/probe';
import { normalizeRows, preActivations, trainSignedSae } from '@feedprint/sae';
import type { SignedSae, SignedSaeOptions, SignedWeights } from '@feedprint/sae';
import type { ReplyEncoder } from '../encode-pair.ts';
import { replyMeans } from './reply-means.ts';

/** Random directions: nothing exceeds all of them once in a hundred features. */
export const DRAWN = 99;
/** Differences per step: WIMHF's 256 of a thousand pairs are too few steps, and leave a sixth more unexplained. */
const BATCH = 32;

export interface DifferencePropertiesOptions {
  /** Whose activations are compared: the base. */
  readonly model: LanguageModel;
  readonly encoder: ReplyEncoder;
  readonly pairs: readonly PreferencePair[];
  readonly random: Random;
  /** Default: what WIMHF uses, 32 features of which 4 are kept, but for smaller batches, as there are fewer pairs. */
  readonly sae?: Omit<SignedSaeOptions, 'random' | 'signal'>;
  readonly signal?: AbortSignal;
}

export interface DifferenceProperties {
  /**
   * One per feature: how far a reply lies along it. Measured on one list of replies, which must not change in between,
   * all of them take one pass of the model.
   */
  readonly properties: readonly Property[];
  /** Directions of nothing in particular: random sums of the differences that the features were learned from. */
  readonly drawn: readonly Property[];
  readonly sae: SignedSae;
  /** Indices of the pairs that the features were not learned from: what they may be interpreted and tested on. */
  readonly unseen: Int32Array;
}

/**
 * Properties without words: the features of a signed SAE of what differs between two replies in a model's mean
 * activations after its last block (WIMHF, arXiv 2510.26202, with the base in place of an embedding service). It is
 * learned from half of the prompts, without labels; everything that is said of features must come from the others. A
 * feature's value is linear, so that its difference between two replies is its activation on them before the small ones
 * are dropped. Throws `config-invalid` for pairs of fewer than two prompts.
 */
export async function differenceProperties({
  model,
  encoder,
  pairs,
  random,
  sae: settings = {},
  signal,
}: DifferencePropertiesOptions): Promise<DifferenceProperties> {
  const site = `blocks.${model.info.layers - 1}.hook_resid_post`;
  const prompts = pairs.map(({ prompt }, i) => (prompt === '' ? i : prompt));
  const [half] = groupKFold(prompts, 2, random.fork('halves'));
  const learned = Array.from(half?.train ?? [], (i) => pairs[i] as PreferencePair);
  const options = { model, site, encoder, signal };
  const means = await replyMeans(learned.flatMap(repliesOf), options);
  const differences = toUnitSize(differencesOf(means));
  const sae = trainSignedSae(differences.rows, {
    batch: BATCH,
    ...settings,
    random: random.fork('sae'),
    ...(signal && { signal }),
  });
  // All that is measured of one list of replies comes from one pass of the model.
  const passes = new WeakMap<readonly Reply[], Promise<Matrix>>();
  const meansOf = (replies: readonly Reply[]): Promise<Matrix> => {
    const found = passes.get(replies) ?? replyMeans(replies, options);
    passes.set(replies, found);
    return found;
  };
  const along = (
    weights: SignedWeights,
    describe: (j: number) => Pick<Property, 'name' | 'definition'>,
  ): Property[] => {
    const { features, wEnc } = weights;
    const key = hash32(Array.from(wEnc, (weight) => weight.toFixed(6)).join());
    const codes = new WeakMap<readonly Reply[], Promise<Float64Array>>();
    const codesOf = (replies: readonly Reply[]): Promise<Float64Array> => {
      const known = codes.get(replies) ?? meansOf(replies).then((x) => preActivations(weights, x));
      codes.set(replies, known);
      return known;
    };
    return Array.from({ length: features }, (_, j): Property => ({
      ...describe(j),
      source: 'model',
      settings: { model: model.fingerprint, site, template: encoder.template, key },
      measure: async (replies) => {
        const z = await codesOf(replies);
        return Float64Array.from(
          replies,
          (_reply, r) => (z[r * features + j] as number) / differences.size,
        );
      },
    }));
  };
  const { features } = sae.weights;
  return {
    properties: along(sae.weights, (j) => ({
      name: `difference-feature-${j + 1}`,
      definition: `Feature ${j + 1} of ${features} in which replies to one prompt differ to ${model.name}.`,
    })),
    drawn: along(randomSums(differences.rows, random.fork('drawn')), (j) => ({
      name: `random-direction-${j + 1}`,
      definition: `Random direction ${j + 1} among those in which replies to one prompt differ to ${model.name}.`,
    })),
    sae,
    unseen: half?.test ?? new Int32Array(),
  };
}

/** Directions in which the rows vary as they do in all of them together, of norm 1. */
function randomSums(rows: Matrix, random: Random): SignedWeights {
  const width = rows.columns;
  const wEnc = new Float64Array(DRAWN * width);
  for (let r = 0; r < rows.rows; r++) {
    const values = row(rows, r);
    for (let j = 0; j < DRAWN; j++) {
      const size = random.normal();
      for (let i = 0, at = j * width; i < width; i++, at++) {
        wEnc[at] = (wEnc[at] as number) + size * (values[i] as number);
      }
    }
  }
  normalizeRows(wEnc, width);
  return { features: DRAWN, width, wEnc, wDec: wEnc };
}

/** Chosen minus rejected, for pairs of which both have tokens. */
function differencesOf(means: Matrix): Matrix {
  const rows: Float32Array[] = [];
  for (let r = 0; r + 1 < means.rows; r += 2) {
    const other = row(means, r + 1);
    const difference = row(means, r).map((value, i) => value - (other[i] as number));
    if (!Number.isNaN(difference[0])) rows.push(difference);
  }
  const result = matrix(rows.length, means.columns);
  rows.forEach((values, r) => result.data.set(values, r * means.columns));
  return result;
}

/** Rows scaled alike, to a mean squared norm of 1. */
function toUnitSize(given: Matrix): { readonly rows: Matrix; readonly size: number } {
  let energy = 0;
  for (const value of given.data) energy += value * value;
  const size = Math.sqrt(energy / given.rows) || 1;
  const data = given.data.map((value) => value / size);
  return { rows: matrix(given.rows, given.columns, data), size };
}
