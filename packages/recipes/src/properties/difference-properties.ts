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
import { preActivations, trainSignedSae } from '@feedprint/sae';
import type { SignedSae, SignedSaeOptions } from '@feedprint/sae';
import type { ReplyEncoder } from '../encode-pair.ts';
import { replyMeans } from './reply-means.ts';

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
  const { features, wEnc } = sae.weights;
  const key = hash32(Array.from(wEnc, (weight) => weight.toFixed(6)).join());
  // All features of one list of replies come from one pass of the model.
  const known = new WeakMap<readonly Reply[], Promise<Float64Array>>();
  const codesOf = (replies: readonly Reply[]): Promise<Float64Array> => {
    const codes =
      known.get(replies) ??
      replyMeans(replies, options).then((found) => preActivations(sae.weights, found));
    known.set(replies, codes);
    return codes;
  };
  const properties = Array.from({ length: features }, (_, j): Property => ({
    name: `difference-feature-${j + 1}`,
    definition: `Feature ${j + 1} of ${features} in which replies to one prompt differ to ${model.name}.`,
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
  return { properties, sae, unseen: half?.test ?? new Int32Array() };
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
