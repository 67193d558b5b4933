import type { Artifact, Matrix } from '@feedprint/core';
import type { FeatureDiscrepancy } from '@feedprint/probe';
import { readAttribution, readContributions } from './attribute.ts';
import { batchesOf } from './capture.ts';
import { randomOf, seedOf, siteNames } from './context.ts';
import type { AuditContext } from './context.ts';
import { readEstimate } from './estimate.ts';
import { known, readJson, writeJson } from './files.ts';
import type { SiteFeature } from './like-frequent.ts';
import { loadSae } from './train-saes.ts';
import type { SaeArtifacts } from './train-saes.ts';
import { wordWindows } from './change-attribution/word-windows.ts';
import type { WordWindow } from './change-attribution/word-windows.ts';

/** Contradicting features that are shown with texts, words and texts of each, and occurrences of a word looked at. */
const SHOWN = 12;
const WORDS = 5;
const TEXTS = 3;
const PER_WORD = 8;

/** A word that was learned against its feedback, and the feature's activations up to where it is predicted. */
export interface ContradictingText {
  readonly word: string;
  readonly text: number;
  readonly tokens: readonly string[];
  /** One per token but the last, which is the word. */
  readonly activations: readonly number[];
}

export interface ContradictingFeature extends Omit<FeatureDiscrepancy, 'words'> {
  readonly id: string;
  /** That it pushes against their feedback, furthest first. */
  readonly words: readonly string[];
  /** Of the first words, where it is most active; empty for features that are not shown. */
  readonly texts: readonly ContradictingText[];
}

export interface AuditFeatureDiscrepancies {
  /** Words that were learned against their stated feedback. */
  readonly words: number;
  /** All kept features, in the order of the attribution. */
  readonly features: readonly ContradictingFeature[];
  /** Ids of those to show, most certain first. */
  readonly shown: readonly string[];
}

/** Finds the kept features that push words against their stated feedback which were learned against it, and texts that show it. */
export function featureDiscrepanciesStage(
  context: AuditContext,
  inputs: {
    readonly estimate: Artifact;
    readonly attribute: Artifact;
    readonly saes: SaeArtifacts;
  },
): Promise<Artifact> {
  const { identity, settings, parts } = context;
  return context.runner.run({
    name: 'feature-discrepancies',
    config: { identity, seed: settings.seed, shown: [SHOWN, WORDS, TEXTS, PER_WORD] },
    inputs: [inputs.estimate, inputs.attribute],
    work: async (folder) => {
      const { words } = await readEstimate(inputs.estimate);
      const { features } = await readAttribution(inputs.attribute);
      const { regression } = readContributions(inputs.attribute);
      const seed = seedOf(context, 'feature discrepancies');
      const found = parts.statistics.featureDiscrepancies(regression, words, seed);
      const scored = features.map((feature, f) => ({
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
        inputs.saes,
        shown.map(({ site, feature, found: { words: against } }) => ({
          site,
          feature,
          words: against.slice(0, WORDS),
        })),
      );
      const discrepancies: AuditFeatureDiscrepancies = {
        words: words.filter(({ flagged }) => flagged).length,
        features: scored.map(({ id, found: { words: against, ...figures } }) => ({
          id,
          ...figures,
          words: against.map((w) => known(words[w], `word ${w}`).word),
          texts: texts[shown.findIndex((each) => each.id === id)] ?? [],
        })),
        shown: shown.map(({ id }) => id),
      };
      await writeJson(folder, 'feature-discrepancies.json', discrepancies);
    },
  });
}

export const readFeatureDiscrepancies = (artifact: Artifact): Promise<AuditFeatureDiscrepancies> =>
  readJson(artifact, 'feature-discrepancies.json');

interface Shown extends SiteFeature {
  /** Indices. */
  readonly words: readonly number[];
}

/** For each feature the occurrences of its words before which it is most active. */
async function textsOf(
  context: AuditContext,
  saes: SaeArtifacts,
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

/** Of each feature in each window, at every token but the last. */
async function activationsIn(
  context: AuditContext,
  saes: SaeArtifacts,
  shown: readonly Shown[],
  windows: readonly WordWindow[],
): Promise<number[][][]> {
  const result = shown.map((): number[][] => []);
  const rows = windows.map(({ tokens }) => tokens.slice(0, -1));
  for (const site of context.sites.filter((each) => shown.some((s) => s.site === each.site))) {
    const sae = await loadSae(context, saes, 'tuned', 'small', site);
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
