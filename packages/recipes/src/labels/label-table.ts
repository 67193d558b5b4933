import type { FeatureLabel } from './label-features.ts';

/** Columns of `tables/labels.parquet`. */
export const labelColumns = {
  id: 'VARCHAR',
  label: 'VARCHAR',
  related: 'BOOLEAN',
  confidence: 'DOUBLE',
  detection: 'DOUBLE',
  detectionWindows: 'INTEGER',
  fuzzing: 'DOUBLE',
  fuzzingWindows: 'INTEGER',
  simulation: 'DOUBLE',
  simulationTokens: 'INTEGER',
} as const;

/** A row per feature; scores are balanced accuracies, and a correlation for simulation. */
export const labelRows = (features: readonly FeatureLabel[]) =>
  features.map(({ detection, fuzzing, simulation, ...feature }) => ({
    ...feature,
    detection: detection?.balancedAccuracy ?? null,
    detectionWindows: detection?.n ?? null,
    fuzzing: fuzzing?.balancedAccuracy ?? null,
    fuzzingWindows: fuzzing?.n ?? null,
    simulation: simulation?.correlation ?? null,
    simulationTokens: simulation?.n ?? null,
  }));
