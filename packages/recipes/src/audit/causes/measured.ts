import type { AuditStatistics, Interval } from '@feedprint/probe';
import { z } from 'zod';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { roles } from '../model-role.ts';
import type { ModelRole } from '../model-role.ts';
import type { Intervention } from './exchange.ts';
import { measure } from './meter.ts';
import type { Outcome } from './meter.ts';

/** One text under one intervention; a row of `tables/interventions.parquet`. */
export const interventionRowSchema = z.strictObject({
  intervention: z.string().describe('`none` for a model as it is.'),
  model: z.enum(['base', 'tuned']),
  text: z.int(),
  positions: z.int(),
  expected: z.number().describe('Sum over the positions.'),
  kl: z.number().describe('Sum over the positions, nats.'),
});

export type InterventionRow = z.infer<typeof interventionRowSchema>;

/** Interventions by name; at most one per model has the same name. */
export type Plan = Readonly<Record<string, readonly Intervention[]>>;

/** What a plan's interventions did to texts. */
export interface Measured {
  readonly texts: readonly Int32Array[];
  /** Of an intervention by its name; `none` is the model as it is. */
  of(name: string, model: ModelRole): Outcome;
  rows(): InterventionRow[];
}

const NONE = 'none';

export async function measurePlan(
  context: AuditContext,
  texts: readonly Int32Array[],
  plan: Plan,
  onDone?: (texts: number) => void,
): Promise<Measured> {
  const named = Object.entries(plan).flatMap(([name, list]) =>
    list.map((intervention) => ({ name, intervention })),
  );
  const { clean, edited } = await measure(
    context,
    texts,
    named.map(({ intervention }) => intervention),
    onDone,
  );
  const found = [
    ...roles.map((model) => ({ name: NONE, model, outcome: clean[model] })),
    ...named.map(({ name, intervention: { model } }, i) => ({
      name,
      model,
      outcome: edited[i] as Outcome,
    })),
  ];
  return {
    texts,
    of: (name, model) =>
      known(found.find((each) => each.name === name && each.model === model)?.outcome, name),
    rows: () =>
      found.flatMap(({ name, model, outcome }) =>
        texts.map(({ length }, text) => ({
          intervention: name,
          model,
          text,
          positions: length,
          expected: outcome.expected[text] as number,
          kl: outcome.kl[text] as number,
        })),
      ),
  };
}

/** The first texts of what was measured. */
export function firstTexts({ texts, of, rows }: Measured, count: number): Measured {
  return {
    texts: texts.slice(0, count),
    of(name, model) {
      const { expected, kl } = of(name, model);
      return { expected: expected.subarray(0, count), kl: kl.subarray(0, count) };
    },
    rows: () => rows().filter(({ text }) => text < count),
  };
}

/** A figure over texts. */
export interface Share {
  readonly value: number;
  /** null where the shift itself cannot be told from 0. */
  readonly interval: Interval | null;
}

/** What a model expects of each text, edited in some way. */
export interface EditedModel {
  readonly model: ModelRole;
  /** `[texts]` */
  readonly expected: Float64Array;
}

/**
 * Share of the shift through activations, which is what the intervention `whole` does: undone in the tuned model, obtained in
 * the base.
 */
export const shareOf = (
  { of }: Measured,
  whole: string,
  { model, expected }: EditedModel,
): number => {
  const from = total(of(NONE, model).expected);
  return (total(expected) - from) / (total(of(whole, model).expected) - from);
};

/** The same with its interval. */
export function shareWithInterval(
  measured: Measured,
  whole: string,
  { model, expected }: EditedModel,
  { statistics, seed }: { readonly statistics: AuditStatistics; readonly seed: number },
): Share {
  const { interval } = statistics.shareOfShift(
    {
      from: measured.of(NONE, model).expected,
      to: measured.of(whole, model).expected,
      edited: expected,
    },
    seed,
  );
  return { value: shareOf(measured, whole, { model, expected }), interval };
}

export const total = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
};

/** KL per token. */
export const klPerToken = ({ kl }: Outcome, texts: readonly Int32Array[]): number =>
  total(kl) / tokensOf(texts);

export const tokensOf = (texts: readonly Int32Array[]): number =>
  texts.reduce((sum, { length }) => sum + length, 0);

/** Shift through activations, per token: lost by the tuned model, gained by the base; `whole` exchanges all activations after the last block. */
export function shiftsOf({ of, texts }: Measured, whole: string): Record<ModelRole, number> {
  const change = (model: ModelRole): number =>
    (total(of(whole, model).expected) - total(of(NONE, model).expected)) / tokensOf(texts);
  return { base: change('base'), tuned: -change('tuned') };
}
