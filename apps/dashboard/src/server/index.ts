export { startDashboard } from './start-dashboard.ts';
export type { Dashboard, DashboardOptions } from './start-dashboard.ts';
export {
  apiErrorSchema,
  liveStatusSchema,
  runDetailSchema,
  runListSchema,
  runSummarySchema,
} from '../api/responses.ts';
export type { LiveStatus, RunDetail, RunList, RunStatus, RunSummary } from '../api/responses.ts';
export type { Curve, RunState, StageState } from '../api/run-state.ts';
