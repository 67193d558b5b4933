import type { RunEventInput } from '@feedprint/core';

/** Metrics that a line names, where there are such, by what people call them. */
const shown: readonly (readonly [name: string, label: string])[] = [
  ['loss', 'loss'],
  ['rewards/accuracies', 'accuracy'],
  ['rewards/margins', 'margin'],
  ['kl', 'kl'],
  ['objective/scores', 'reward'],
  ['objective/kl', 'kl'],
  ['grad_norm', 'gradient'],
];

/** Lines on batches that a training is told in; every evaluation has one of its own. */
const LINES = 20;

/** Passes events on, and tells of the curves' points in lines. */
export function tellMetrics(
  onEvent: (event: RunEventInput) => void,
): (event: RunEventInput) => void {
  let point: { readonly step: number; readonly held: boolean } | undefined;
  let metrics = new Map<string, number>();
  let [told, total] = [-Infinity, 0];
  const finish = (): void => {
    if (point && (point.held || point.step - told >= total / LINES)) {
      onEvent({ type: 'finding', stage: 'train', text: lineOf(point, metrics) });
      if (!point.held) told = point.step;
    }
    [point, metrics] = [undefined, new Map()];
  };
  return (event) => {
    if (event.type === 'stage-progress') total = event.total;
    if (event.type !== 'metric') {
      finish();
      return onEvent(event);
    }
    const { step, name, value } = event;
    const held = name.startsWith('eval_');
    if (point?.step !== step || point.held !== held) finish();
    point = { step, held };
    metrics.set(held ? name.slice('eval_'.length) : name, value);
  };
}

function lineOf(
  { step, held }: { readonly step: number; readonly held: boolean },
  metrics: ReadonlyMap<string, number>,
): string {
  const parts = shown.flatMap(([name, label]) => {
    const value = metrics.get(name);
    return value === undefined ? [] : [`${label} ${value.toPrecision(3)}`];
  });
  return `step ${step}${held ? ', held out' : ''}: ${parts.join(', ')}`;
}
