import type { LanguageModel, Matrix, Site } from '@feedprint/core';
import { siteNames } from '../context.ts';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { roles } from '../model-role.ts';
import type { ModelRole } from '../model-role.ts';
import type { ExchangeParts } from './exchange-parts.ts';
import { expectedCounts } from './expected-counts.ts';
import { outcomeOf } from './outcomes.ts';
import type { BothWays, Ends, Outcome } from './outcomes.ts';
import type { DrawnTexts } from '../draw-texts.ts';
import { vocabularyCounts } from './vocabulary-counts.ts';

/** What both models do with the texts as they are. */
export interface Unchanged extends Ends {
  /** Counts of the base, which log-ratios are relative to. */
  readonly counts: Matrix;
  /** How often the base expects each token of its vocabulary. */
  readonly vocabulary: Float64Array;
  /** Activations at the sites that the audit examines, by the first text of each batch. */
  readonly activations: Readonly<Record<ModelRole, ReadonlyMap<number, ReadonlyMap<Site, Matrix>>>>;
}

export async function runUnchanged(
  context: AuditContext,
  { rows }: DrawnTexts,
): Promise<Unchanged> {
  const { models, words } = context;
  const stated = words.map((word) => word.stated);
  const vocabulary = vocabularyCounts(models.base.info.vocabularySize);
  const activations = { base: new Map(), tuned: new Map() } as {
    [Role in ModelRole]: Map<number, ReadonlyMap<Site, Matrix>>;
  };
  const counts = {} as Record<ModelRole, Matrix>;
  for (const role of roles) {
    counts[role] = await expectedCounts(context, models[role], {
      rows,
      capture: siteNames(context),
      ...(role === 'base' && { logits: 'all' }),
      onBatch: (result, start) => {
        activations[role].set(start, result.activations);
        vocabulary.add(result);
      },
    });
  }
  return {
    base: outcomeOf(counts.base, counts.base, stated),
    tuned: outcomeOf(counts.tuned, counts.base, stated),
    counts: counts.base,
    vocabulary: vocabulary.counts,
    activations,
  };
}

/** What the models do when parts of them are exchanged. */
export function createExchanges(
  context: AuditContext,
  exchange: ExchangeParts['exchange'],
  { rows }: DrawnTexts,
  { counts: baseCounts, activations }: Unchanged,
) {
  const { models, words } = context;
  const stated = words.map((word) => word.stated);
  const outcome = (counts: Matrix): Outcome => outcomeOf(counts, baseCounts, stated);
  const withModel = async (
    of: ModelRole,
    names: ReadonlySet<string>,
    use: (model: LanguageModel) => Promise<Matrix>,
  ): Promise<Outcome> => {
    const [own, donor] =
      of === 'base' ? (['base', 'tuned'] as const) : (['tuned', 'base'] as const);
    const hybrid = exchange(models[own], models[donor], (name) => names.has(name));
    const model = known(hybrid, 'a model with exchanged parameters');
    try {
      return outcome(await use(model));
    } finally {
      await model.dispose();
    }
  };
  /** Replaces the activations at the sites by the other model's on the same tokens. */
  const patched = async (own: ModelRole, donor: ModelRole): Promise<Outcome> =>
    outcome(
      await expectedCounts(context, models[own], {
        rows,
        edits: (start) =>
          [...known(activations[donor].get(start), 'activations')].map(([site, x]) => ({
            site,
            apply: () => x,
          })),
      }),
    );
  return {
    async parameters(names: ReadonlySet<string>): Promise<BothWays> {
      const run = (model: LanguageModel) => expectedCounts(context, model, { rows });
      return {
        restored: await withModel('tuned', names, run),
        transplanted: await withModel('base', names, run),
      };
    },
    async sites(): Promise<BothWays> {
      return {
        restored: await patched('tuned', 'base'),
        transplanted: await patched('base', 'tuned'),
      };
    },
    /** How often the base with these parameters of the tuned model expects each token of its vocabulary. */
    async vocabularyWith(names: ReadonlySet<string>): Promise<Float64Array> {
      const { add, counts } = vocabularyCounts(models.base.info.vocabularySize);
      await withModel('base', names, (model) =>
        expectedCounts(context, model, { rows, logits: 'all', onBatch: add }),
      );
      return counts;
    },
  };
}
