import type { RunStore } from '@feedprint/core';
import type { SavedDtype, Trainer } from '@feedprint/finetune';
import { alarmSentence } from '@feedprint/report';
import type { Watch } from '../trajectory/create-watch.ts';
import { isDue, savedStep } from './saved-steps.ts';

/** Which models are kept on the way, and by whom they are looked at. */
export interface KeptSteps {
  /** Steps between models that are saved; none if undefined. */
  readonly saveEvery: number | undefined;
  /** Looks at the model on the way; nothing if undefined. */
  readonly watch: Watch | undefined;
  /** Folder of the models that are saved on the way. */
  readonly steps: string;
  readonly dtype: SavedDtype;
}

interface Reached {
  readonly step: number;
  readonly all: number;
  readonly save: Trainer<never>['save'];
}

interface Kept {
  /** The stage that trains, for the run's events. */
  readonly stage: string;
  readonly run: Pick<RunStore, 'append'>;
  readonly signal: AbortSignal;
}

/** Saves the model of a step where that is due, has it looked at, and tells the run of an alarm. */
export async function keepStep(
  { saveEvery, watch, steps, dtype }: KeptSteps,
  { step, all, save }: Reached,
  { stage, run, signal }: Kept,
): Promise<void> {
  const isLookedAt = isDue(step, all, watch?.every);
  if (!isLookedAt && !isDue(step, all, saveEvery)) return;
  const checkpoint = savedStep(steps, step);
  await save(checkpoint.folder, { dtype });
  const alarm = isLookedAt ? await watch?.look(checkpoint, all, signal) : undefined;
  if (alarm) run.append({ type: 'alarm', stage, step, text: alarmSentence(alarm) });
}
