import type { Route } from '../http/route.ts';
import { auditRoutes } from './audit.ts';
import { compareRoutes } from './compare.ts';
import { controlRoutes } from './control.ts';
import { eventRoutes } from './events.ts';
import { exportRoutes } from './export.ts';
import { featureRoutes } from './features.ts';
import { fileRoutes } from './files.ts';
import { layerRoutes } from './layers.ts';
import { playgroundRoutes } from './playground.ts';
import { replyRoutes } from './replies.ts';
import { runRoutes } from './runs.ts';
import { textRoutes } from './texts.ts';
import { trajectoryRoutes } from './trajectory.ts';

/** Everything that is answered besides the page's own files; the first that fits answers. */
export const routes: readonly Route[] = [
  ...runRoutes,
  ...eventRoutes,
  ...controlRoutes,
  ...auditRoutes,
  ...replyRoutes,
  ...layerRoutes,
  ...textRoutes,
  ...trajectoryRoutes,
  ...featureRoutes,
  ...playgroundRoutes,
  ...compareRoutes,
  ...fileRoutes,
  ...exportRoutes,
];
