import { FeedprintError } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { readTexts } from '@feedprint/feedback';
import { tokenizeTexts } from '@feedprint/recipes';
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
}

/** Models and texts that fit each other. */
export interface Inputs {
  readonly model: LanguageModel;
  readonly base?: LanguageModel;
  /** Token ids of each text, cut to the context; two tokens at least. */
  readonly rows: readonly Int32Array[];
  /** Name of the texts' file. */
  readonly file: string;
  /** What people are told of it before the first stage. */
  readonly read: Read;
  /** Hashes of all that was read. */
  readonly identity: Readonly<Record<string, string>>;
}

/** Loads models and texts for `work` and lets go of them afterwards. */
export async function withInputs<T>(
  flags: InputFlags,
  work: (inputs: Inputs) => Promise<T>,
): Promise<T> {
  const { threads } = flags;
  const read = await readTexts(flags.texts, { limit: flags.maxTexts });
  const { file, sha256 } = read;
  const model = await openModel(flags.model, { threads });
  let base: LanguageModel | undefined;
  try {
    if (flags.base !== undefined) {
      base = await openModel(flags.base, { threads });
      checkPair(base, model);
    }
    const { rows, truncated } = tokenizeTexts(
      read.texts,
      model.tokenizer,
      model.info.contextLength,
    );
    if (rows.length === 0) throw tooShort(file);
    return await work({
      model,
      ...(base && { base }),
      rows,
      file,
      read: { file: read, what: usedTexts(rows.length, read.texts.length), rows, truncated },
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
    : base.tokenizer.fingerprint !== tuned.tokenizer.fingerprint
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
