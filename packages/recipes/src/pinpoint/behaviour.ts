import { batchTexts, positionsPerBatch } from '@feedprint/core';
import type { Edit, LanguageModel } from '@feedprint/core';
import type { TokenSequence } from '@feedprint/finetune';
import { known } from '../audit/known.ts';
import type { ContrastivePrompt } from './contrast.ts';

/** Prompts in batches that a model can run with both answers. */
export const batchPrompts = (
  { info }: LanguageModel,
  prompts: readonly ContrastivePrompt[],
): ContrastivePrompt[][] => {
  const longest = prompts.map(({ shows, other }) =>
    shows.ids.length > other.ids.length ? shows.ids : other.ids,
  );
  const positions = Math.ceil(positionsPerBatch(info.vocabularySize) / 2);
  return batchTexts(longest, positions).map((batch) =>
    batch.map((i) => known(prompts[i], `prompt ${i}`)),
  );
};

/** The answers that show the behaviour, then the others. */
export const answersOf = (batch: readonly ContrastivePrompt[]): TokenSequence[] => [
  ...batch.map(({ shows }) => shows),
  ...batch.map(({ other }) => other),
];

/** How much more probable the answer that shows the behaviour is than the other, nats, for each prompt of a batch. */
export async function behaviourOf(
  model: LanguageModel,
  batch: readonly ContrastivePrompt[],
  edit?: Edit,
): Promise<number[]> {
  const sequences = answersOf(batch);
  const { tokenLogProbs = [] } = await model.run(
    sequences.map(({ ids }) => ids),
    { tokenLogProbs: true, ...(edit && { edits: [edit] }) },
  );
  let end = 0;
  const sums = sequences.map(({ ids, start }) => {
    end += ids.length;
    let sum = 0;
    for (let t = end - ids.length + start; t < end; t++) sum += tokenLogProbs[t] as number;
    return sum;
  });
  return batch.map((_, i) => (sums[i] as number) - (sums[i + batch.length] as number));
}

/** A behaviour over prompts. */
export interface MeasuredBehaviour {
  /** Mean of how much more probable the answer that shows it is, nats. */
  readonly mean: number;
  readonly standardError: number;
  /** Share of the prompts at which that answer is the more probable one. */
  readonly rate: number;
}

/** A behaviour of a model at all of some prompts. */
export async function measureBehaviour(
  model: LanguageModel,
  prompts: readonly ContrastivePrompt[],
): Promise<MeasuredBehaviour> {
  const all: number[] = [];
  for (const batch of batchPrompts(model, prompts)) all.push(...(await behaviourOf(model, batch)));
  const n = all.length;
  const mean = all.reduce((sum, value) => sum + value, 0) / n;
  const squares = all.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    standardError: Math.sqrt(squares / Math.max(1, n - 1) / n),
    rate: all.filter((value) => value > 0).length / n,
  };
}
