import { dictionaries as chapter } from '@feedprint/report/chapters/dictionaries';
import { defineFinding } from '../finding.ts';
import { known } from '../known.ts';
import { matchChance } from './chance.ts';
import { match } from './match.ts';
import { allSaes } from './saes.ts';
import { dictionaryTables } from './tables.ts';

/** The sparse autoencoders of both models, and how alike they are. */
export const dictionaries = defineFinding({
  chapter,
  needs: { saes: allSaes, match, chance: matchChance },
  report: ({ needs }) => ({
    saes: needs.saes.map(({ role, site, dSae, kind, curve, metrics }) => ({
      model: role,
      site,
      dSae,
      kind,
      curve: curve.map(({ step, mse, l0, loss }) => ({ step, mse, l0, loss })),
      fvu: metrics.fvu,
      l0: metrics.l0,
      alive: metrics.alive,
    })),
    matching: needs.match.map(({ site, baseTuned, smallLarge, kept }, i) => {
      const { site: _site, ...chance } = known(needs.chance[i], site);
      return { site, baseTuned, smallLarge, chance, kept: kept.length };
    }),
  }),
  tables: ({ needs }, { saes }) => dictionaryTables(needs.saes, needs.match, saes),
});
