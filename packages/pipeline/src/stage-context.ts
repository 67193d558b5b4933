import { FeedprintError, throwIfCancelled } from '@feedprint/core';
import type { RunEventInput, RunStore } from '@feedprint/core';

/** How a stage's work reports to observers. Every method throws `cancelled` once the run is to stop. */
export interface StageContext {
  readonly signal: AbortSignal;
  /** Work done so far; at most five events a second, and always the last one. */
  progress(done: number, total: number, unit: string): void;
  /** One point of a curve. Throws `numbers-invalid` for NaN and infinities. */
  metric(name: string, step: number, value: number): void;
  /** A sentence worth telling. */
  finding(text: string): void;
}

interface StageContextOptions {
  readonly store: RunStore;
  readonly stage: string;
  readonly signal: AbortSignal;
  readonly clock: () => number;
}

/** Milliseconds between two progress events of a stage. */
const interval = 200;

/** A context that appends to the store; `flush` writes a progress event that was held back. */
export function createStageContext({ store, stage, signal, clock }: StageContextOptions): {
  readonly context: StageContext;
  readonly flush: () => void;
} {
  let last = -Infinity;
  let held: RunEventInput | undefined;
  const flush = (): void => {
    if (held) store.append(held);
    held = undefined;
  };
  const context: StageContext = {
    signal,
    progress: (done, total, unit) => {
      throwIfCancelled(signal, `in stage ${stage}`);
      held = { type: 'stage-progress', stage, done, total, unit };
      const now = clock();
      if (now - last < interval && done < total) return;
      last = now;
      flush();
    },
    metric: (name, step, value) => {
      throwIfCancelled(signal, `in stage ${stage}`);
      if (!Number.isFinite(value)) {
        throw new FeedprintError({
          code: 'numbers-invalid',
          message: `${name} of stage ${stage} is ${value} at step ${step}`,
          remedy: 'lower the learning rate or look for extreme values in the input',
        });
      }
      store.append({ type: 'metric', stage, name, step, value });
    },
    finding: (text) => {
      throwIfCancelled(signal, `in stage ${stage}`);
      store.append({ type: 'finding', stage, text });
    },
  };
  return { context, flush };
}
