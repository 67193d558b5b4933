import type { Matrix } from '@feedprint/core';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { batchesOf } from '../capture/batches.ts';
import { siteNames } from '../context.ts';
import { randomOf, seedOf } from '../random.ts';
import type { AuditContext } from '../context.ts';
import { saeOf, smallSaes } from '../dictionaries/saes.ts';
import type { TrainedSae } from '../dictionaries/saes.ts';
import { known } from '../known.ts';
import { partKey } from '../parts.ts';
import { judgeWords } from '../words/judge-words.ts';
import { attribute } from './attribute.ts';
import type { SiteFeature } from './feature-id.ts';
import { wordWindows } from './word-windows.ts';
import type { WordWindow } from './word-windows.ts';

/**
 * Numbers of contradicting features shown with texts, of words and texts for each, and of occurrences looked at per
 * word.
 */
const SHOWN = 12;
const WORDS = 5;
const TEXTS = 3;
const PER_WORD = 8;

const contradictingTextSchema = z
  .strictObject({
    word: z.string(),
    text: z.int(),
    tokens: z.array(z.string()),
    activations: z.array(z.number()).describe('One per token except the last, which is the word.'),
  })
  .describe(
    "A word that was learned against its feedback, and the feature's activations up to where it is predicted.",
  );

const contradictingFeatureSchema = z.strictObject({
  id: z.string(),
  push: z.number(),
  expected: z.number(),
  shifted: z.number(),
  score: z.number(),
  p: z.number(),
  q: z.number(),
  flagged: z.boolean(),
  words: z
    .array(z.string())
    .describe('Words that it pushes against their feedback, furthest first.'),
  texts: z
    .array(contradictingTextSchema)
    .describe(
      'Texts of the first words, where it is most active; empty for features that are not shown.',
    ),
});

const discrepanciesSchema = z.strictObject({
  words: z.int().describe('Words that were learned against their stated feedback.'),
  features: z
    .array(contradictingFeatureSchema)
    .describe('All kept features, in the order of the attribution.'),
  shown: z.array(z.string()).describe('Ids of the features to show, most certain first.'),
});

type ContradictingText = z.infer<typeof contradictingTextSchema>;
export type FeatureDiscrepancies = z.infer<typeof discrepanciesSchema>;

/**
 * Finds the kept features that push words that were learned against their stated feedback in that direction, and texts
 * that show it.
 */
export const featureDiscrepancies = defineStage({
  name: 'feature-discrepancies',
  needs: { words: judgeWords, attribute, saes: smallSaes },
  config: ({ identity, settings, parts }: AuditContext) => ({
    identity,
    seed: settings.seed,
    shown: [SHOWN, WORDS, TEXTS, PER_WORD],
    statistics: partKey(parts.statistics),
  }),
  work: async ({ context, needs, folder }) => {
    const { words } = needs.words;
    const { regression } = needs.attribute.contributions();
    const seed = seedOf(context, 'feature discrepancies');
    const found = context.parts.statistics.featureDiscrepancies(regression, words, seed);
    const scored = needs.attribute.features.map((feature, f) => ({
      ...feature,
      found: known(found[f], feature.id),
    }));
    const shown = scored
      .filter((feature) => feature.found.flagged)
      .sort(
        (a, b) =>
          a.found.p - b.found.p || b.found.score - a.found.score || a.id.localeCompare(b.id),
      )
      .slice(0, SHOWN);
    const texts = await textsOf(
      context,
      needs.saes,
      shown.map(({ site, feature, found: { words: against } }) => ({
        site,
        feature,
        words: against.slice(0, WORDS),
      })),
    );
    await writeJson(folder, 'feature-discrepancies.json', {
      words: words.filter(({ flagged }) => flagged).length,
      features: scored.map(({ id, found: { words: against, ...figures } }) => ({
        id,
        ...figures,
        words: against.map((w) => known(words[w], `word ${w}`).word),
        texts: texts[shown.findIndex((each) => each.id === id)] ?? [],
      })),
      shown: shown.map(({ id }) => id),
    });
  },
  read: (folder) => readJson(folder, 'feature-discrepancies.json', discrepanciesSchema),
});

interface Shown extends SiteFeature {
  /** Indices. */
  readonly words: readonly number[];
}

/** For each feature, the occurrences of its words before which it is most active. */
async function textsOf(
  context: AuditContext,
  saes: readonly TrainedSae[],
  shown: readonly Shown[],
): Promise<(readonly ContradictingText[])[]> {
  const wanted = [...new Set(shown.flatMap(({ words }) => words))].sort((a, b) => a - b);
  const windows = wordWindows({
    rows: context.rows,
    ids: wanted.map((w) => known(context.words[w], `word ${w}`).id),
    specialIds: context.models.tuned.tokenizer.specialIds,
    perWord: PER_WORD,
    random: randomOf(context, 'feature discrepancies'),
  });
  const activations = await activationsIn(context, saes, shown, windows);
  return shown.map(({ words }, i) =>
    windows
      .flatMap((window, at) => {
        const values = known(activations[i]?.[at], 'activations');
        const word = wanted[window.word] as number;
        return words.includes(word) && (values.at(-1) ?? 0) > 0 ? [{ window, word, values }] : [];
      })
      .sort((a, b) => (b.values.at(-1) as number) - (a.values.at(-1) as number))
      .slice(0, TEXTS)
      .map(({ window, word, values }) => ({
        word: known(context.words[word], `word ${word}`).word,
        text: window.text,
        tokens: window.tokens.map((id) => context.models.tuned.tokenizer.tokenText(id)),
        activations: values,
      })),
  );
}

/** Activations of each feature in each window, at every token except the last. */
async function activationsIn(
  context: AuditContext,
  saes: readonly TrainedSae[],
  shown: readonly Shown[],
  windows: readonly WordWindow[],
): Promise<number[][][]> {
  const result = shown.map((): number[][] => []);
  const rows = windows.map(({ tokens }) => tokens.slice(0, -1));
  for (const site of context.sites.filter((each) => shown.some((s) => s.site === each.site))) {
    const sae = await saeOf(saes, 'tuned', 'small', site).load();
    for (const { start, end } of batchesOf(rows, context.models.tuned.info.vocabularySize)) {
      const batch = rows.slice(start, end);
      const run = await context.models.tuned.run(batch, { capture: siteNames(context) });
      const z = await sae.encode(run.activations.get(site.site) as Matrix);
      shown.forEach((each, i) => {
        if (each.site !== site.site) return;
        let at = 0;
        for (const row of batch) {
          result[i]?.push(row.map((_, t) => z.data[(at + t) * z.columns + each.feature] as number));
          at += row.length;
        }
      });
    }
    await sae.dispose();
  }
  return result;
}
