import type { CheckpointModel } from '@feedprint/activations';
import { createTrainer, dpo, replyLogProbs, sft } from '@feedprint/finetune';
import type { TokenSequence } from '@feedprint/finetune';
import { madeUpPrompts } from './bench-generate.ts';
import { median } from './median.ts';

/** Methods that can be timed. */
export const timedMethods = ['sft', 'dpo'] as const;

export interface FinetuneBench {
  readonly method: (typeof timedMethods)[number];
  /** Sequences of a step; DPO takes them as pairs. */
  readonly batch: number;
  /** Tokens of each, all but the first of which are learned. */
  readonly length: number;
  readonly steps: number;
  readonly threads: number;
}

/** One line of numbers. */
export interface FinetuneBenchResult extends FinetuneBench {
  readonly model: string;
  /** Median. */
  readonly secondsPerStep: number;
  /** Tokens that are predicted, per second. */
  readonly tokensPerSecond: number;
  /** The most memory that the process had. */
  readonly peakMemoryBytes: number;
}

/**
 * Times steps of full fine-tuning on made-up tokens, after one that is not timed. A step of DPO has the reference judge its batch
 * too, as one that sees every pair once. `clock` gives milliseconds.
 */
export async function benchFinetune(
  model: CheckpointModel,
  bench: FinetuneBench,
  clock: () => number,
): Promise<FinetuneBenchResult> {
  const { batch, length, steps } = bench;
  const step = await createStep(model, bench);
  const times: number[] = [];
  try {
    for (let s = 0; s <= steps; s++) {
      const rows = madeUpPrompts(model, { prompts: (s + 1) * batch, promptLength: length });
      const sequences = rows.slice(-batch).map((ids) => ({ ids, start: 1 }));
      const started = clock();
      await step.take(sequences);
      if (s > 0) times.push((clock() - started) / 1000);
    }
  } finally {
    await step.dispose();
  }
  const secondsPerStep = median(times);
  return {
    ...{ model: model.name, ...bench, secondsPerStep },
    tokensPerSecond: (batch * (length - 1)) / secondsPerStep,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

interface Step {
  take(sequences: readonly TokenSequence[]): Promise<unknown>;
  dispose(): Promise<void>;
}

async function createStep(
  model: CheckpointModel,
  { method, threads }: FinetuneBench,
): Promise<Step> {
  if (method === 'sft') {
    const trainer = await createTrainer({ model, method: sft(), threads });
    return { take: (sequences) => trainer.step(sequences), dispose: () => trainer.dispose() };
  }
  const trainer = await createTrainer({ model, method: dpo(), threads });
  return {
    async take(sequences) {
      const reference = await replyLogProbs(model, sequences);
      const half = sequences.length / 2;
      const pairs = sequences.slice(0, half).map((chosen, i) => ({
        chosen,
        rejected: sequences[half + i] as TokenSequence,
        reference: { chosen: reference[i] as number, rejected: reference[half + i] as number },
      }));
      await trainer.step(pairs);
    },
    dispose: () => trainer.dispose(),
  };
}
