import { encodeTexts } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { readTexts } from '@feedprint/feedback';
import { pairProblem } from '@feedprint/recipes';
import type { SaeTexts } from '@feedprint/recipes';
import { openModel } from '../model-options.ts';
import { usedTexts } from '../texts.ts';
import type { Read } from '../texts.ts';

export interface InputFlags {
  /** As `openModel` takes it; beside a base, the tuned model. */
  readonly model: string;
  readonly base?: string;
  readonly texts: string;
  readonly maxTexts?: number;
  readonly threads: number;
  readonly revision?: string;
  readonly offline?: boolean;
}

/** Models and texts that fit each other. */
export interface Inputs {
  readonly model: LanguageModel;
  readonly base?: LanguageModel;
  /** Of two tokens at least each. */
  readonly texts: SaeTexts;
  /** What people are told of them before the first stage. */
  readonly read: Read;
}

/** Loads models and texts for `work` and lets go of them afterwards. */
export async function withInputs<T>(
  flags: InputFlags,
  work: (inputs: Inputs) => Promise<T>,
): Promise<T> {
  const { threads, revision, offline } = flags;
  const opening = {
    threads,
    ...(revision !== undefined && { revision }),
    ...(offline !== undefined && { offline }),
  };
  const read = await readTexts(flags.texts, { limit: flags.maxTexts });
  const { file } = read;
  const model = await openModel(flags.model, opening);
  let base: LanguageModel | undefined;
  try {
    if (flags.base !== undefined) {
      base = await openModel(flags.base, opening);
      checkPair(base, model);
    }
    const { rows, truncated } = encodeTexts(model, read.texts, { minTokens: 2 });
    if (rows.length === 0) throw tooShort(file);
    return await work({
      model,
      ...(base && { base }),
      texts: { rows, name: file },
      read: { file: read, what: usedTexts(rows.length, read.texts.length), rows, truncated },
    });
  } finally {
    await base?.dispose();
    await model.dispose();
  }
}

function checkPair(base: LanguageModel, tuned: LanguageModel): void {
  const problem = pairProblem(base, tuned);
  if (!problem) return;
  throw new FeedprintError({
    code: 'models-mismatched',
    message: `the models of --base and --model ${problem}`,
    remedy: 'give a model and the base that it was tuned from',
  });
}

const tooShort = (file: string): FeedprintError =>
  new FeedprintError({
    code: 'texts-invalid',
    message: `no text of ${file} has two tokens or more`,
    remedy: 'give longer texts',
  });
