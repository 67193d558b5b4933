import type { RunStore } from '@feedprint/core';

/**
 * Seconds that each stage of a run took, over all starts; for a stage that was only reused, the time that making it
 * took.
 */
export async function stageSeconds(
  store: Pick<RunStore, 'events'>,
): Promise<ReadonlyMap<string, number>> {
  const started = new Map<string, number>();
  const seconds = new Map<string, number>();
  for await (const event of store.events()) {
    if (event.type === 'stage-started') started.set(event.stage, Date.parse(event.at));
    if (event.type === 'stage-finished' && !event.reused) {
      const at = Date.parse(event.at);
      const took = (at - (started.get(event.stage) ?? at)) / 1000;
      seconds.set(event.stage, (seconds.get(event.stage) ?? 0) + took);
    }
  }
  return seconds;
}
