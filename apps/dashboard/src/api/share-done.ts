import type { RunState, StageState } from './run-state.ts';

/** Share of a stage that is done, 0 to 1. */
export function fractionOf({ status, done, total }: StageState): number {
  if (status === 'finished' || status === 'reused') return 1;
  if (status === 'waiting' || done === null || total === null || total <= 0) return 0;
  return Math.min(1, Math.max(0, done / total));
}

/** Share of a run's stages that is done, 0 to 1. */
export const shareDone = (stages: readonly StageState[]): number =>
  stages.length === 0
    ? 0
    : stages.reduce((sum, stage) => sum + fractionOf(stage), 0) / stages.length;

/** Stages that this start has to have done before the rest is guessed from them. */
const SMALLEST = 0.5;

/**
 * Seconds that a run may still take if the stages to come take as long as those of this start did on average; null while too little is
 * done to say. Stages differ: this is a guess.
 */
export function timeLeft({ stages, startedAt }: RunState, now: number): number | null {
  if (startedAt === null) return null;
  const own = stages.filter(({ status }) => status !== 'reused');
  const done = own.reduce((sum, stage) => sum + fractionOf(stage), 0);
  const elapsed = (now - Date.parse(startedAt)) / 1000;
  if (done < SMALLEST || !(elapsed > 0)) return null;
  return (elapsed * (own.length - done)) / done;
}
