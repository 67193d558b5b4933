import type { Artifact } from '@feedprint/core';
import type { AuditContext } from './context.ts';
import { readJson, writeJson } from './files.ts';
import { loadSae } from './train-saes.ts';
import type { SaeArtifacts } from './train-saes.ts';

export interface KeptFeature {
  /** Index in the tuned model's small SAE. */
  readonly feature: number;
  /** Cosine similarity to its best match in the tuned model's large SAE. */
  readonly large: number;
  /** Cosine similarity to its best match in the base model's small SAE. */
  readonly base: number;
  /** That best match; null for a zero decoder row. */
  readonly baseFeature: number | null;
}

export interface SiteMatch {
  readonly site: string;
  readonly layer: number;
  /** MMCS of the tuned small SAE against the base small SAE. */
  readonly baseTuned: number;
  /** MMCS of the tuned small SAE against the tuned large one. */
  readonly smallLarge: number;
  /** Similarity of every feature's best match in the tuned large SAE, and in the base SAE. */
  readonly similarities: { readonly large: readonly number[]; readonly base: readonly number[] };
  /** The features that both tuned SAEs found most alike, best first. */
  readonly kept: readonly KeptFeature[];
}

/** Matches each site's dictionaries and keeps the features that two SAEs of different size agree on (paper, section 3.5). */
export function matchStage(context: AuditContext, saes: SaeArtifacts): Promise<Artifact> {
  const { parts, settings, sites } = context;
  return context.runner.run({
    name: 'match',
    config: { matched: settings.matched, by: 'max-cosine', partners: true, similarities: true },
    inputs: [...saes.values()],
    work: async (folder, stage) => {
      const matches: SiteMatch[] = [];
      for (const site of sites) {
        const small = await loadSae(context, saes, 'tuned', 'small', site);
        const large = await loadSae(context, saes, 'tuned', 'large', site);
        const base = await loadSae(context, saes, 'base', 'small', site);
        const toLarge = await parts.matchDictionaries(small, large);
        const toBase = await parts.matchDictionaries(small, base);
        matches.push({
          site: site.site,
          layer: site.layer,
          baseTuned: toBase.mmcs,
          smallLarge: toLarge.mmcs,
          similarities: {
            large: toLarge.matches.map(({ similarity }) => similarity),
            base: toBase.matches.map(({ similarity }) => similarity),
          },
          kept: [...toLarge.matches]
            .sort((a, b) => b.similarity - a.similarity || a.feature - b.feature)
            .slice(0, settings.matched)
            .map(({ feature, similarity }) => ({
              feature,
              large: similarity,
              base: toBase.matches[feature]?.similarity ?? 0,
              baseFeature: toBase.matches[feature]?.match ?? null,
            })),
        });
        stage.progress(matches.length, sites.length, 'sites');
      }
      await writeJson(folder, 'match.json', matches);
    },
  });
}

export const readMatches = (artifact: Artifact): Promise<readonly SiteMatch[]> =>
  readJson(artifact, 'match.json');
