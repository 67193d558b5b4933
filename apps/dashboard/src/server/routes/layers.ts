import type { AuditReport } from '@feedprint/recipes';
import type { Layers } from '../../api/layers.ts';
import { sendJson } from '../http/respond.ts';
import { runRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { readReport } from '../runs/read-report.ts';

/** Where the change sits, and the dictionaries at each site. */
export const layerRoutes: readonly Route[] = [
  runRoute('GET', '/layers', async ({ response }, run) => {
    sendJson(response, toLayers(await readReport(run)));
  }),
];

/** What a report says of layers, parts and dictionaries. */
export const toLayers = ({
  divergence,
  components,
  changes,
  location,
  saes,
  matching,
}: AuditReport): Layers => ({
  divergence: divergence ?? [],
  components: (components ?? []).map(({ site: _site, l2: _l2, ...part }) => part),
  sites: (changes?.sites ?? []).map(({ site, relativeL2 }) => ({ site, relativeL2 })),
  places: (location?.places ?? []).map(({ place, restored }) => ({
    name: place,
    share: restored.slope.value,
  })),
  saes: (saes ?? []).map(({ curve: _curve, ...sae }) => sae),
  matching: (matching ?? []).map(({ kept: _kept, ...match }) => match),
});
