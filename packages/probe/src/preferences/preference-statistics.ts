import type { Part } from '@feedprint/core';
import { analysePreferences } from './analyse-preferences.ts';
import { evaluateFindings } from './evaluate-findings.ts';
import type { PairTruth } from './evaluate-findings.ts';
import type { PairFinding, PreferenceAnalysis } from './preference-analysis.ts';
import type { PreferenceInput } from './preference-input.ts';
import { probePairs } from './probe-pairs.ts';
import type { PairProbeInput, PairProbes } from './probe-pairs.ts';

/** The statistics of preference data, exchangeable as a whole. */
export interface PreferenceStatistics extends Part {
  analyse(input: PreferenceInput): PreferenceAnalysis;
  probe(input: PairProbeInput): PairProbes;
  /** `agrees`: per pair, whether the tuner used the stated label. */
  evaluate(
    pairs: readonly PairFinding[],
    agrees: readonly (boolean | undefined)[],
    splits: ReadonlyMap<string, Int32Array>,
  ): readonly PairTruth[];
}

export interface PreferenceStatisticsOptions {
  /** Bootstrap resamples per interval. Default 1000. */
  readonly resamples?: number;
}

/** The default statistics of preference data. */
export const createPreferenceStatistics = ({
  resamples = 1000,
}: PreferenceStatisticsOptions = {}): PreferenceStatistics => ({
  name: 'bootstrap',
  settings: { resamples },
  analyse: (input) => analysePreferences(input, { resamples }),
  probe: (input) => probePairs(input, { resamples }),
  evaluate: evaluateFindings,
});
