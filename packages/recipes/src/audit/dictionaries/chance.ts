import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import type { AuditContext } from '../context.ts';
import { partKey } from '../parts.ts';
import { randomOf } from '../random.ts';
import { allSaes, saeOf } from './saes.ts';

const chanceSchema = z.strictObject({
  site: z.string(),
  baseTuned: z.number(),
  smallLarge: z.number(),
});

/** How alike each site's dictionaries would be by chance: MMCS with the units of the other one permuted. */
export const matchChance = defineStage({
  name: 'match-chance',
  needs: { saes: allSaes },
  config: ({ settings, parts }: AuditContext) => ({
    seed: settings.seed,
    by: partKey(parts.matcher),
    randomizer: partKey(parts.randomizer),
  }),
  work: async ({ context, needs: { saes }, folder }) => {
    const { parts, sites } = context;
    const random = randomOf(context, 'match chance');
    const chance: z.infer<typeof chanceSchema>[] = [];
    for (const site of sites) {
      const small = await saeOf(saes, 'tuned', 'small', site).load();
      const similarity = async (role: 'base' | 'tuned', size: 'small' | 'large') => {
        const other = await saeOf(saes, role, size, site).load();
        const permuted = parts.randomizer.randomize(other, random.fork(`${site.site} ${role}`));
        const { mmcs } = await parts.matcher.match(small, permuted);
        for (const sae of [other, permuted]) await sae.dispose();
        return mmcs;
      };
      chance.push({
        site: site.site,
        baseTuned: await similarity('base', 'small'),
        smallLarge: await similarity('tuned', 'large'),
      });
      await small.dispose();
    }
    await writeJson(folder, 'chance.json', chance);
  },
  read: (folder) => readJson(folder, 'chance.json', z.array(chanceSchema)),
});
