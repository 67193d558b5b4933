import { createRandom, row } from '@feedprint/core';
import type { LanguageModel, Random, Sampling, TokenRows } from '@feedprint/core';
import { divideIntoBatches } from './batches.ts';
import { checkPrompts, checkSampling } from './check-sampling.ts';
import { createSampler } from './sampler.ts';
import { createStopTest } from './stop-strings.ts';
import { createRerunStepper } from './token-stepper.ts';
import type { TokenStepper } from './token-stepper.ts';

/** What generation must know about a model besides its logits. */
export type GeneratingModel = Pick<LanguageModel, 'info' | 'tokenizer'>;

interface Row {
  readonly prompt: ArrayLike<number>;
  readonly added: number[];
  readonly random: Random;
}

/**
 * Continues prompts with a model that has only `run`: every step runs the whole rows again. Throws what `generateWith`
 * throws.
 */
export const generate = (
  model: GeneratingModel & Pick<LanguageModel, 'run'>,
  prompts: TokenRows,
  sampling: Sampling,
): Promise<number[][]> =>
  generateWith(createRerunStepper(model, sampling.edits), model, prompts, sampling);

/**
 * Samples continuations token by token, in batches of bounded memory; each prompt has its own random stream, so the
 * batch does not matter. A row ends before a special token (with `keepEnd`, after it), after a token that completes a stop string, and at the
 * context's end. Edits are up to the stepper. Throws `usage` for settings outside their ranges and for classifiers,
 * `shape-mismatch` for prompts that are empty or too long, `numbers-invalid` for logits that are NaN.
 */
export async function generateWith(
  stepper: TokenStepper,
  { info, tokenizer }: GeneratingModel,
  prompts: TokenRows,
  sampling: Sampling,
): Promise<number[][]> {
  checkSampling(sampling);
  checkPrompts(info, prompts);
  const { maxNewTokens, keepEnd = false } = sampling;
  const sampler = createSampler(sampling);
  const stops = createStopTest(tokenizer, sampling.stop ?? []);
  const random = createRandom(sampling.seed);
  const rows = prompts.map((prompt, i): Row => {
    return { prompt, added: [], random: random.fork(`prompt ${i}`) };
  });
  const isFull = ({ prompt, added }: Row): boolean =>
    added.length >= maxNewTokens || prompt.length + added.length >= info.contextLength;

  /** Gives a row its next token, if it gets one. True if the row continues. */
  const extend = (item: Row, logits: Float32Array): boolean => {
    const token = sampler.draw(logits, item.random);
    const isEnd = tokenizer.specialIds.has(token);
    if (!isEnd || keepEnd) item.added.push(token);
    return !isEnd && !isFull(item) && !stops(item.prompt, item.added);
  };

  const growing = rows.filter((item) => !isFull(item));
  const batches = divideIntoBatches(
    info,
    growing.map(({ prompt }) => prompt),
    maxNewTokens,
  );
  for (const batch of batches) {
    let open = batch.map((i) => growing[i] as Row);
    let logits = await stepper.start(open.map(({ prompt }) => prompt));
    for (;;) {
      const going: number[] = [];
      open.forEach((item, i) => {
        if (extend(item, row(logits, i))) going.push(i);
      });
      if (going.length === 0) break;
      if (going.length < open.length) {
        stepper.keep(going);
        open = going.map((i) => open[i] as Row);
      }
      logits = await stepper.step(Int32Array.from(open, ({ added }) => added.at(-1) as number));
    }
  }
  return rows.map(({ added }) => added);
}
