import type { LanguageModel, Sampling } from '@feedprint/core';
import { median } from './median.ts';

export interface GenerateBench {
  readonly prompts: number;
  /** Tokens of each prompt. */
  readonly promptLength: number;
  /** Tokens to add to each. */
  readonly newTokens: number;
  /** Prompts continued together. */
  readonly batch: number;
  /** 0 takes the most probable token. */
  readonly temperature: number;
  readonly repeat: number;
}

/** One line of numbers. */
export interface GenerateBenchResult extends GenerateBench {
  readonly model: string;
  readonly threads: number;
  /** Tokens that were added; fewer than asked for where rows ended by themselves. */
  readonly tokens: number;
  /** Of all prompts, median of the repeats. */
  readonly seconds: number;
  readonly tokensPerSecond: number;
}

/** Times generation from made-up prompts after one batch that is not timed; `clock` gives milliseconds. */
export async function benchGenerate(
  model: LanguageModel,
  bench: GenerateBench & { readonly threads: number },
  clock: () => number,
): Promise<GenerateBenchResult> {
  const { newTokens, temperature, batch, repeat } = bench;
  const rows = madeUpPrompts(model, bench);
  const sampling: Sampling = { maxNewTokens: newTokens, temperature, seed: 0 };
  await model.generate(rows.slice(0, batch), sampling);
  let tokens = 0;
  const times: number[] = [];
  for (let turn = 0; turn < repeat; turn++) {
    tokens = 0;
    const started = clock();
    for (let at = 0; at < rows.length; at += batch) {
      const added = await model.generate(rows.slice(at, at + batch), sampling);
      tokens += added.reduce((sum, { length }) => sum + length, 0);
    }
    times.push((clock() - started) / 1000);
  }
  const seconds = median(times);
  return { model: model.name, ...bench, tokens, seconds, tokensPerSecond: tokens / seconds };
}

/**
 * Token ids that any program can make up again: of the ids that are not special, in order, the one at (7919 r + 104729 t) modulo their
 * count stands at position t of prompt r.
 */
export function madeUpPrompts(
  { info, tokenizer }: Pick<LanguageModel, 'info' | 'tokenizer'>,
  { prompts, promptLength }: Pick<GenerateBench, 'prompts' | 'promptLength'>,
): Int32Array[] {
  const count = Math.min(info.vocabularySize, tokenizer.vocabularySize);
  const ids = Int32Array.from({ length: count }, (_, id) => id).filter(
    (id) => !tokenizer.specialIds.has(id),
  );
  return Array.from({ length: prompts }, (_, r) =>
    Int32Array.from(
      { length: promptLength },
      (_, t) => ids[(7919 * r + 104_729 * t) % ids.length] as number,
    ),
  );
}
