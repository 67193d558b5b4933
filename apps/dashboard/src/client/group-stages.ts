import type { StageState } from '../api/run-state.ts';

/** Stages in a row that share the first part of their names (`sae-...`), or one stage alone. */
export interface StageGroup {
  readonly name: string;
  readonly stages: readonly StageState[];
}

/** Smallest number of stages worth a group. */
const smallest = 3;

/** Joins neighbours `sae-base-L0`, `sae-base-L1`, ... into one group `sae`. */
export function groupStages(stages: readonly StageState[]): StageGroup[] {
  const groups: { name: string; stages: StageState[] }[] = [];
  for (const stage of stages) {
    const prefix = /^(.+?)-/.exec(stage.name)?.[1];
    const last = groups.at(-1);
    if (prefix !== undefined && last?.name === prefix) last.stages.push(stage);
    else groups.push({ name: prefix ?? stage.name, stages: [stage] });
  }
  return groups.flatMap((group) =>
    group.stages.length >= smallest
      ? [group]
      : group.stages.map((stage) => ({ name: stage.name, stages: [stage] })),
  );
}
