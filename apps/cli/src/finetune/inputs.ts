import type { CheckpointModel } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import { readPreferencePairs, readTexts } from '@feedprint/feedback';
import type { ReadFile } from '@feedprint/feedback';
import { endToken } from '@feedprint/finetune';
import {
  chatEncoder,
  plainEncoder,
  preparePairsToLearn,
  prepareTextsToLearn,
} from '@feedprint/recipes';
import type { Prepared, PrepareOptions } from '@feedprint/recipes';
import { openModel } from '../model-options.ts';
import { counted } from '../texts.ts';
import type { Read } from '../texts.ts';
import type { FinetuneFlags } from './flags.ts';

export interface FinetuneInputs {
  readonly model: CheckpointModel;
  readonly data: Prepared;
  readonly dataName: string;
  /** What people are told of the data before the first stage. */
  readonly read: Read;
}

/** Loads model and data for `work` and lets go of the model afterwards. Throws `usage` for a model that cannot be trained. */
export async function withFinetuneInputs<T>(
  flags: FinetuneFlags,
  work: (inputs: FinetuneInputs) => Promise<T>,
): Promise<T> {
  const { pairs, texts, heldOut, seed, maxItems: limit, maxLength = Infinity, chat } = flags;
  if ((pairs === undefined) === (texts === undefined)) {
    throw new FeedprintError({
      code: 'usage',
      message: `fine-tuning was given ${pairs === undefined ? 'nothing to learn from' : 'pairs and texts'}`,
      remedy: 'give either --pairs or --texts',
    });
  }
  const read =
    pairs === undefined
      ? await readTexts(texts as string, { limit })
      : await readPreferencePairs(pairs, { limit });
  const model = await openModel(flags.model, flags);
  try {
    const trainable = asTrainable(model);
    const { checkpoint, tokenizer, info } = trainable;
    const options: PrepareOptions = {
      encoder: chat
        ? chatEncoder(checkpoint.folder, tokenizer)
        : plainEncoder(tokenizer, endToken(trainable)),
      contextLength: Math.min(info.contextLength, maxLength),
      ...{ heldOut, seed },
    };
    const data =
      'pairs' in read ? preparePairsToLearn(read, options) : prepareTextsToLearn(read, options);
    return await work({ model: trainable, data, dataName: read.file, read: sayOf(read, data) });
  } finally {
    await model.dispose();
  }
}

function sayOf(file: ReadFile, { kind, train, heldOut }: Prepared): Read {
  const unit = kind === 'pairs' ? 'pair' : 'text';
  const what = `${counted(train.length, unit)} to learn from, ${heldOut.length} held out`;
  const rows = [...train, ...heldOut].flatMap((item) =>
    'chosen' in item ? [item.chosen.ids, item.rejected.ids] : [item.ids],
  );
  return { file, what, rows };
}

function asTrainable(model: object & { readonly name: string }): CheckpointModel {
  if ('checkpoint' in model && !('labels' in (model as CheckpointModel).info)) {
    return model as CheckpointModel;
  }
  throw new FeedprintError({
    code: 'usage',
    message: `${model.name} cannot be fine-tuned`,
    remedy:
      'give a language model as a checkpoint with safetensors, not as ONNX and not a classifier',
  });
}
