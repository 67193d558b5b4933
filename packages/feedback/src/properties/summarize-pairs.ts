import { createHash } from 'node:crypto';
import type { PreferencePair, Property } from '@feedprint/core';
import { repliesOf } from '../pairs/replies-of.ts';
import { createClusteredMeans } from './clustered-means.ts';
import type { ClusteredMean } from './clustered-means.ts';
import { measureProperties } from './measure-properties.ts';
import type { MeasureOptions } from './measure-properties.ts';
import { createMoments } from './moments.ts';
import type { PropertyMoments } from './moments.ts';

/** An effect with its 95 % interval. */
export interface PropertyEffect {
  readonly effect: number;
  readonly low: number;
  readonly high: number;
  /** Number of pairs. */
  readonly n: number;
}

export interface PairsOfProperty {
  readonly name: string;
  readonly definition: string;
  readonly chosen: PropertyMoments;
  readonly rejected: PropertyMoments;
  /**
   * How much more of it the chosen replies have, in standard deviations of the property within chosen and within
   * rejected replies. Its interval allows for prompts with several pairs, and takes the standard deviation as known.
   * `null` where the property does not vary, or all pairs have one prompt.
   */
  readonly difference: PropertyEffect | null;
}

const BATCH = 512;
/** Of the standard normal distribution, at 0.975. */
const Z = 1.959963984540054;

/**
 * How chosen and rejected replies differ in each property. Pairs are read one after another and count by their weights;
 * of a tie, either reply counts half as chosen and half as rejected. Keeps two numbers per prompt and property.
 */
export async function summarizePairs(
  pairs: AsyncIterable<PreferencePair> | Iterable<PreferencePair>,
  properties: readonly Property[],
  { signal, onProgress }: MeasureOptions = {},
): Promise<PairsOfProperty[]> {
  const sides = properties.map(() => ({ chosen: createMoments(), rejected: createMoments() }));
  const differences = createClusteredMeans(properties.length);
  const numberOf = createPromptNumbers();
  let batch: PreferencePair[] = [];
  let done = 0;

  const measureBatch = async (): Promise<void> => {
    const replies = batch.flatMap(repliesOf);
    const values = await measureProperties(properties, replies, { ...(signal && { signal }) });
    batch.forEach(({ prompt, tie, weight = 1 }, i) => {
      const number = numberOf(prompt);
      sides.forEach(({ chosen, rejected }, p) => {
        const [a, b] = [values[p]?.[2 * i] as number, values[p]?.[2 * i + 1] as number];
        chosen.add(a, tie ? weight / 2 : weight);
        rejected.add(b, tie ? weight / 2 : weight);
        if (tie) {
          chosen.add(b, weight / 2);
          rejected.add(a, weight / 2);
        }
        differences.add(number, p, tie && !Number.isNaN(a - b) ? 0 : a - b, weight);
      });
    });
    done += batch.length;
    batch = [];
    onProgress?.(done);
  };
  for await (const pair of pairs) {
    batch.push(pair);
    if (batch.length === BATCH) await measureBatch();
  }
  if (batch.length > 0) await measureBatch();

  return properties.map(({ name, definition }, p) => {
    const { chosen, rejected } = sides[p] as (typeof sides)[number];
    const moments = { chosen: chosen.moments(), rejected: rejected.moments() };
    const difference = inDeviations(differences.mean(p), moments);
    return { name, definition, ...moments, difference };
  });
}

function inDeviations(
  { mean, standardError, n }: ClusteredMean,
  { chosen, rejected }: { readonly chosen: PropertyMoments; readonly rejected: PropertyMoments },
): PropertyEffect | null {
  const sd = Math.sqrt((chosen.sd ** 2 + rejected.sd ** 2) / 2);
  if (!(sd > 0) || Number.isNaN(standardError)) return null;
  const [effect, half] = [mean / sd, (Z * standardError) / sd];
  return { effect, low: effect - half, high: effect + half, n };
}

/** Numbers prompts from 0 as they come; of each, a hash of 64 bits is kept. Pairs without a prompt are apart. */
function createPromptNumbers(): (prompt: string) => number {
  const numbers = new Map<bigint, number>();
  let next = 0;
  return (prompt) => {
    if (prompt === '') return next++;
    const key = createHash('sha1').update(prompt).digest().readBigUInt64LE();
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, next);
    return next++;
  };
}
