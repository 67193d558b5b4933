import type { CheckpointModel } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import { parsePairColumns, readPreferencePairs, readTexts } from '@feedprint/feedback';
import type { ReadFile } from '@feedprint/feedback';
import { endToken } from '@feedprint/finetune';
import { createReplyEncoder, preparePairsToLearn, prepareTextsToLearn } from '@feedprint/recipes';
import type { Prepared, PrepareOptions } from '@feedprint/recipes';
import { counted } from '../texts.ts';
import type { Read } from '../texts.ts';
import type { FinetuneFlags } from './flags.ts';
import { openTrainable } from './open-trainable.ts';

export interface FinetuneInputs {
  readonly model: CheckpointModel;
  readonly data: Prepared;
  readonly dataName: string;
  /** What people are told of the data before the first stage. */
  readonly read: Read;
}

/** Loads model and data for `work` and lets go of the model afterwards. Throws what `openTrainable` and the readers throw, and `usage` for both or none of pairs and texts. */
export async function withFinetuneInputs<T>(
  flags: FinetuneFlags,
  work: (inputs: FinetuneInputs) => Promise<T>,
): Promise<T> {
  const {
    pairs,
    texts,
    heldOut,
    seed,
    maxPairs,
    maxTexts,
    maxLength = Infinity,
    chatTemplate,
    map,
  } = flags;
  if ((pairs === undefined) === (texts === undefined)) {
    throw new FeedprintError({
      code: 'usage',
      message: `fine-tuning was given ${pairs === undefined ? 'nothing to learn from' : 'pairs and texts'}`,
      remedy: 'give either --pairs or --texts',
    });
  }
  const read =
    pairs === undefined
      ? await readTexts(texts as string, { limit: maxTexts })
      : await readPreferencePairs(pairs, {
          map: map === undefined ? undefined : parsePairColumns(map),
        });
  const model = await openTrainable(flags.model, flags);
  try {
    const { tokenizer, info } = model;
    const options: PrepareOptions = {
      encoder: createReplyEncoder({
        tokenizer,
        contextLength: Math.min(info.contextLength, maxLength),
        chatTemplate,
        endToken: endToken(model),
      }),
      ...{ heldOut, seed, maxPairs },
    };
    const data =
      'pairs' in read ? preparePairsToLearn(read, options) : prepareTextsToLearn(read, options);
    return await work({ model, data, dataName: read.file, read: sayOf(read, data) });
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
