import type { CheckpointModel } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import { parsePairColumns, readRatings, readTexts } from '@feedprint/feedback';
import type { PairFile, RatingFile, ReadFile, TextFile } from '@feedprint/feedback';
import { endToken } from '@feedprint/finetune';
import {
  createReplyEncoder,
  preparePairsToLearn,
  prepareRatingsToLearn,
  prepareTextsToLearn,
  readNamedPairs,
  sequencesIn,
} from '@feedprint/recipes';
import type { Prepared, PrepareOptions, ReplyEncoder } from '@feedprint/recipes';
import { dataHub } from '../model-options.ts';
import { counted } from '../texts.ts';
import type { Read } from '../texts.ts';
import type { FinetuneFlags } from './flags.ts';
import { openTrainable } from './open-trainable.ts';

/** The flags that say what is tuned on what. */
type InputFlags = Partial<FinetuneFlags> &
  Pick<FinetuneFlags, 'model' | 'heldOut' | 'seed' | 'threads'>;

export interface FinetuneInputs {
  readonly model: CheckpointModel;
  readonly data: Prepared;
  /** How prompts and replies became tokens. */
  readonly encoder: ReplyEncoder;
  readonly dataName: string;
  /** What people are told of the data before the first stage. */
  readonly read: Read;
}

/** Loads model and data for `work` and lets go of the model afterwards. Throws what `openTrainable` and the readers throw, and `usage` for none or several of pairs, ratings and texts. */
export async function withFinetuneInputs<T>(
  flags: InputFlags,
  work: (inputs: FinetuneInputs) => Promise<T>,
): Promise<T> {
  const {
    pairs,
    ratings,
    texts,
    heldOut,
    seed,
    maxPairs,
    maxLength = Infinity,
    chatTemplate,
  } = flags;
  const named = [pairs, ratings, texts].filter((file) => file !== undefined);
  if (named.length !== 1) {
    throw new FeedprintError({
      code: 'usage',
      message: `fine-tuning was given ${named.length === 0 ? 'nothing to learn from' : 'several things to learn from'}`,
      remedy: 'give one of --pairs, --ratings and --texts',
    });
  }
  const read = await readData(flags);
  const model = await openTrainable(flags.model, flags);
  try {
    const { tokenizer, info } = model;
    const encoder = createReplyEncoder({
      tokenizer,
      contextLength: Math.min(info.contextLength, maxLength),
      chatTemplate,
      endToken: endToken(model),
    });
    const data = prepare(read, { encoder, heldOut, seed, maxPairs });
    return await work({ model, data, encoder, dataName: read.file, read: sayOf(read, data) });
  } finally {
    await model.dispose();
  }
}

function readData({
  pairs,
  ratings,
  texts = '-',
  map,
  offline,
  maxTexts: limit,
}: InputFlags): Promise<PairFile | RatingFile | TextFile> {
  if (ratings !== undefined) return readRatings(ratings);
  if (pairs === undefined) return readTexts(texts, { limit });
  return readNamedPairs(pairs, {
    hub: dataHub({ offline }),
    ...(map !== undefined && { map: parsePairColumns(map) }),
  });
}

function prepare(read: PairFile | RatingFile | TextFile, options: PrepareOptions): Prepared {
  if ('pairs' in read) return preparePairsToLearn(read, options);
  return 'ratings' in read
    ? prepareRatingsToLearn(read, options)
    : prepareTextsToLearn(read, options);
}

const units = { pairs: 'pair', ratings: 'reply', texts: 'text' } as const;

function sayOf(file: ReadFile, data: Prepared): Read {
  const unit = counted(
    data.train.length,
    units[data.kind],
    data.kind === 'ratings' ? 'replies' : undefined,
  );
  const what = `${unit} to learn from, ${data.heldOut.length} held out`;
  return { file, what, rows: sequencesIn(data).map(({ ids }) => ids) };
}
