import { FeedprintError, sameTokens } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { readTexts, tokenizeTexts } from '@feedprint/pipeline';
import { openModel } from '../model-options.ts';

export interface InputFlags {
  /** As `openModel` takes it; beside a base, the tuned model. */
  readonly model: string;
  readonly base?: string;
  readonly texts: string;
  readonly maxTexts?: number;
  readonly threads: number;
}

/** Models and texts that fit each other. */
export interface Inputs {
  readonly model: LanguageModel;
  readonly base?: LanguageModel;
  /** Token ids of each text, cut to the context; two tokens at least. */
  readonly rows: readonly Int32Array[];
  /** Name of the texts' file. */
  readonly file: string;
  /** Hashes of all that was read. */
  readonly identity: Readonly<Record<string, string>>;
}

/** Loads models and texts for `work` and lets go of them afterwards. */
export async function withInputs<T>(
  flags: InputFlags,
  work: (inputs: Inputs) => Promise<T>,
): Promise<T> {
  const { threads } = flags;
  const { texts, file, sha256 } = await readTexts(flags.texts);
  const model = await openModel(flags.model, { threads });
  let base: LanguageModel | undefined;
  try {
    if (flags.base !== undefined) {
      base = await openModel(flags.base, { threads });
      checkPair(base, model);
    }
    const { rows } = tokenizeTexts(
      texts.slice(0, flags.maxTexts),
      model.tokenizer,
      model.info.contextLength,
    );
    if (rows.length === 0) throw tooShort(file);
    return await work({
      model,
      ...(base && { base }),
      rows,
      file,
      identity: {
        model: model.fingerprint,
        ...(base && { base: base.fingerprint }),
        tokenizer: model.tokenizer.fingerprint,
        texts: sha256,
        maxTexts: `${flags.maxTexts ?? 'all'}`,
      },
    });
  } finally {
    await base?.dispose();
    await model.dispose();
  }
}

function checkPair(base: LanguageModel, tuned: LanguageModel): void {
  const differs = (['layers', 'width', 'contextLength'] as const).find(
    (key) => base.info[key] !== tuned.info[key],
  );
  const problem = differs
    ? `differ in ${differs} (${base.info[differs]} and ${tuned.info[differs]})`
    : !sameTokens(base.tokenizer, tuned.tokenizer)
      ? 'have different tokenizers'
      : base.fingerprint === tuned.fingerprint
        ? 'are the same'
        : undefined;
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
