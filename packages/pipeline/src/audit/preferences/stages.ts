import type { PreferencesReport } from '@feedprint/report/chapters/pairs';
import type { AuditContext } from '../context.ts';
import { preferencesStage } from './preferences.ts';
import { pairsStage } from './evidence.ts';
import type { PreparedPairs } from './inputs.ts';
import { reportPreferences } from './report.ts';
import { writePreferenceTables } from './tables.ts';
import type { SaeArtifacts } from '../train-saes.ts';

/** Stages of an audit with preference pairs. */
export const pairStageNames = ['pairs', 'preferences'] as const;

/** Runs them; gives the report's part and what writes its tables. */
export async function runPairStages(
  context: AuditContext,
  pairs: PreparedPairs,
  saes: SaeArtifacts,
): Promise<{
  readonly report: PreferencesReport;
  readonly writeTables: (runFolder: string) => Promise<void>;
}> {
  const evidence = await pairsStage(context, pairs, saes);
  const preferences = await preferencesStage(context, pairs, evidence);
  const report = await reportPreferences(context, pairs, { pairs: evidence, preferences });
  return {
    report,
    writeTables: (folder) => writePreferenceTables(preferences, pairs, report, folder),
  };
}
