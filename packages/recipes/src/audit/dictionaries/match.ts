import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { partKey } from '../parts.ts';
import { allSaes, saeOf } from './saes.ts';

const keptFeatureSchema = z.strictObject({
  feature: z.int().describe("Index in the tuned model's small SAE."),
  large: z.number().describe("Cosine similarity to its best match in the tuned model's large SAE."),
  base: z.number().describe("Cosine similarity to its best match in the base model's small SAE."),
  baseFeature: z.int().nullable().describe('That best match; null for a zero decoder row.'),
});

const siteMatchSchema = z.strictObject({
  site: z.string(),
  layer: z.int(),
  baseTuned: z.number().describe('MMCS of the tuned small SAE against the base small SAE.'),
  smallLarge: z.number().describe('MMCS of the tuned small SAE against the tuned large one.'),
  similarities: z
    .strictObject({ large: z.array(z.number()), base: z.array(z.number()) })
    .describe(
      "Similarity of every feature's best match in the tuned large SAE, and in the base SAE.",
    ),
  kept: z
    .array(keptFeatureSchema)
    .describe("The features that the tuned model's two SAEs agree on most, best first."),
});

export type KeptFeature = z.infer<typeof keptFeatureSchema>;
export type SiteMatch = z.infer<typeof siteMatchSchema>;

/** What was found at one site. */
export function matchAt(matches: readonly SiteMatch[], site: string): SiteMatch {
  return known(
    matches.find((each) => each.site === site),
    `the match at ${site}`,
  );
}

/** Matches each site's dictionaries and keeps the features that two SAEs of different size agree on (paper, section 3.5). */
export const match = defineStage({
  name: 'match',
  needs: { saes: allSaes },
  config: ({ settings, parts }: AuditContext) => ({
    matched: settings.matched,
    by: partKey(parts.matcher),
    partners: true,
    similarities: true,
  }),
  work: async ({ context: { parts, settings, sites }, needs: { saes }, folder, stage }) => {
    const matches: SiteMatch[] = [];
    for (const site of sites) {
      const small = await saeOf(saes, 'tuned', 'small', site).load();
      const large = await saeOf(saes, 'tuned', 'large', site).load();
      const base = await saeOf(saes, 'base', 'small', site).load();
      const toLarge = await parts.matcher.match(small, large);
      const toBase = await parts.matcher.match(small, base);
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
      for (const sae of [small, large, base]) await sae.dispose();
      stage.progress(matches.length, sites.length, 'sites');
    }
    await writeJson(folder, 'match.json', matches);
  },
  read: (folder) => readJson(folder, 'match.json', z.array(siteMatchSchema)),
});
