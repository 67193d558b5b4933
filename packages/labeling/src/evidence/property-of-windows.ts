import type { ActivationExample, Property } from '@feedprint/core';
import type { FiringProperty } from '../firing-sentence.ts';

/** Windows of each kind that are enough to compare. */
const least = 3;

/**
 * How well a property of texts tells windows on which a feature is active from silent ones: the share of pairs of one of each in
 * which the active one has more of it, ties counting half. Undefined with fewer than three of either, or where nothing can be said.
 */
export async function propertyOfWindows(
  { name, measure }: Pick<Property, 'name' | 'measure'>,
  active: readonly ActivationExample[],
  silent: readonly ActivationExample[],
): Promise<FiringProperty | undefined> {
  const measured = async (windows: readonly ActivationExample[]): Promise<number[]> =>
    [
      ...(await measure(windows.map(({ tokens }) => ({ prompt: '', reply: tokens.join('') })))),
    ].filter((value) => !Number.isNaN(value));
  const [having, lacking] = [await measured(active), await measured(silent)];
  if (having.length < least || lacking.length < least) return undefined;
  const wins = having.flatMap((a) => lacking.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
  return { name, auroc: wins.reduce<number>((sum, win) => sum + win, 0) / wins.length };
}
