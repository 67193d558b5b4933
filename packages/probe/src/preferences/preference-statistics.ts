import type { PreferenceStatistics } from '@feedprint/core';
import { analysePreferences } from './analyse-preferences.ts';
import { evaluateFindings } from './evaluate-findings.ts';

export interface PreferenceStatisticsOptions {
  /** Bootstrap resamples behind each interval. Default 1000. */
  readonly resamples?: number;
}

/** The default statistics of preference data. */
export const createPreferenceStatistics = ({
  resamples = 1000,
}: PreferenceStatisticsOptions = {}): PreferenceStatistics => ({
  analyse: (input) => analysePreferences(input, { resamples }),
  evaluate: evaluateFindings,
});
