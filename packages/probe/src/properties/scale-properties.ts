import { quantileOfSorted } from '../statistics/quantiles.ts';
import type { Columns } from './columns.ts';
import type { PropertyEvidence } from './property-evidence.ts';

/** Share of all replies at either end whose values count as the least extreme among them. */
export const EXTREME = 0.005;
/** Fresh replies that must differ from the usual value of a property. */
export const FEWEST = 20;

/** Properties in standard deviations of the base's replies, for those that vary. */
export interface ScaledProperties {
  /** Places among the names of the properties that vary enough; the arrays below follow it. */
  readonly kept: readonly number[];
  /** Standard deviation over the base's replies, in the property's units. */
  readonly deviations: readonly number[];
  /** The base's fresh replies. */
  readonly base: Columns;
  /** Tuned minus base, prompt by prompt. */
  readonly moved: Columns;
  /** The same of all that was written, the outermost replies as they are. */
  readonly written: Columns;
  /** Preferred minus other, pair by pair; of replies that were rated alone, each less the usual value. Empty arrays without labels. */
  readonly differences: Columns;
}

/**
 * Brings properties to one scale. The outermost 0.5 % of all replies on either side are taken for the least extreme of
 * them, since a single reply of forty exclamation marks says little of what R prefers; what is unknown counts as the
 * base's mean. How often something is written is another question: there all of it counts.
 */
export function scaleProperties({ names, fresh, labels }: PropertyEvidence): ScaledProperties {
  const scaled = names.flatMap((_, place) => {
    const one = scaleProperty(
      [fresh.base[place], fresh.tuned[place]] as unknown as Sides,
      labels && labelledOf(labels, place),
    );
    return one ? [{ place, ...one }] : [];
  });
  return {
    kept: scaled.map(({ place }) => place),
    deviations: scaled.map(({ deviation }) => deviation),
    base: scaled.map(({ base }) => base),
    moved: scaled.map(({ moved }) => moved),
    written: scaled.map(({ written }) => written),
    differences: scaled.map(({ differences }) => differences),
  };
}

const labelledOf = (labels: NonNullable<PropertyEvidence['labels']>, place: number): Columns =>
  ('ratings' in labels ? [labels.values] : [labels.chosen, labels.rejected]).map(
    (columns) => columns[place] as Float64Array,
  );

type Sides = readonly [Float64Array, Float64Array];

function scaleProperty([base, tuned]: Sides, labelled: Columns = []) {
  const known = [base, tuned, ...labelled].map(definedOf);
  const all = concatenated(known).sort();
  if (all.length === 0) return undefined;
  const [low, high] = [quantileOfSorted(all, EXTREME), quantileOfSorted(all, 1 - EXTREME)];
  const within = (value: number): number => Math.min(high, Math.max(low, value));
  const ofBase = (known[0] as Float64Array).map(within);
  const mean = ofBase.reduce((sum, value) => sum + value, 0) / ofBase.length;
  const deviation = Math.sqrt(
    ofBase.reduce((sum, value) => sum + (value - mean) ** 2, 0) / ofBase.length,
  );
  const fresh = concatenated(known.slice(0, 2)).map(within).sort();
  const usual = quantileOfSorted(fresh, 0.5);
  if (!(deviation > 0) || fresh.filter((value) => value !== usual).length < FEWEST) {
    return undefined;
  }
  const scaledBy =
    (keep: (value: number) => number) =>
    (values: Float64Array): Float64Array =>
      values.map((value) => (Number.isNaN(value) ? mean : keep(value)) / deviation);
  const clean = scaledBy(within);
  const whole = scaledBy((value) => value);
  const less = (a: Float64Array, b: Float64Array): Float64Array =>
    a.map((value, i) => value - (b[i] as number));
  const cleanBase = clean(base);
  const [first = new Float64Array(0), second] = labelled.map(clean);
  return {
    deviation,
    base: cleanBase,
    moved: less(clean(tuned), cleanBase),
    written: less(whole(tuned), whole(base)),
    differences: second ? less(first, second) : first.map((x) => x - usual / deviation),
  };
}

const definedOf = (values: Float64Array): Float64Array =>
  values.filter((value) => !Number.isNaN(value));

function concatenated(parts: readonly Float64Array[]): Float64Array {
  const result = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
