import { FeedprintError } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { readTexts } from '@feedprint/feedback';
import type { PairFile, RatingFile, TextFile } from '@feedprint/feedback';
import { hashOf } from '@feedprint/pipeline';
import { createReplyEncoder } from '../../encode-pair.ts';
import { samplePairs } from '../../sample-pairs.ts';
import { independentGroups } from '../independent-groups.ts';
import { numbered } from '../linked-replies.ts';
import type { PreparedPairs } from './prepared-pairs.ts';
import type { AuditSettings } from '../settings.ts';

/** Pairs that are shown as the models see them. */
const SHOWN = 3;

/**
 * Tokenises the pairs, or a seeded sample of `maxPairs`, in the file's order, ties apart from the others. Throws `texts-invalid`
 * if no pair is left that is no tie.
 */
export function preparePairs(
  file: PairFile,
  settings: AuditSettings,
  { tokenizer, info }: LanguageModel,
): PreparedPairs {
  const { contextLength } = info;
  const { chatTemplate } = settings;
  const encoder = createReplyEncoder({ tokenizer, contextLength, chatTemplate });
  const usable = samplePairs(file, settings).flatMap(({ index, record }) => {
    const encoded = encoder.encodePair(record, record.row ?? index);
    return encoded ? [{ record, encoded }] : [];
  });
  const chosen = usable.filter(({ record }) => !record.tie);
  const ties = usable.flatMap(({ record, encoded: { index } }) =>
    record.tie ? [{ index, record }] : [],
  );
  const encoded = chosen.map((pair) => pair.encoded);
  if (encoded.length === 0) throw nothingLeft(file.file, ties.length);
  const records = chosen.map(({ record }) => record);
  const labelled = [...records, ...ties.map(({ record }) => record)];
  const numbers = numbered(labelled.map(({ prompt }) => prompt));
  const independent = independentGroups(
    labelled.map((pair) => [pair.chosen, pair.rejected]),
    numbers,
  );
  const prompts = numbers.slice(0, records.length);
  const bySplit = new Map<string, number[]>();
  records.forEach(({ split }, i) => {
    if (split === undefined) return;
    const members = bySplit.get(split);
    if (members) members.push(i);
    else bySplit.set(split, [i]);
  });
  return {
    file,
    template: encoder.template,
    encoded,
    records,
    written: records.slice(0, SHOWN).map(encoder.writePair),
    prompts,
    ties,
    ...independent,
    splits: new Map([...bySplit].map(([split, pairs]) => [split, Int32Array.from(pairs)])),
  };
}

const nothingLeft = (file: string, ties: number): FeedprintError =>
  new FeedprintError(
    ties > 0
      ? {
          code: 'texts-invalid',
          message: `all ${ties} pairs in ${file} are ties`,
          remedy: 'give pairs of which one reply was preferred',
        }
      : {
          code: 'texts-invalid',
          message: `no pair in ${file} has two replies of at least one token each`,
          remedy: 'give longer replies',
        },
  );

/**
 * The texts of a file or, if none is named, of the pairs or rated replies in use. Throws `usage` without any, and what
 * `readTexts` throws.
 */
export async function textsOfAudit(
  path: string | undefined,
  {
    pairs,
    ratings,
  }: { readonly pairs?: PairFile | undefined; readonly ratings?: RatingFile | undefined },
  settings: AuditSettings,
): Promise<TextFile> {
  if (path !== undefined) return readTexts(path, { limit: settings.maxTexts });
  if (pairs) return textsOfPairs(pairs, settings);
  if (ratings) return textsOfRatings(ratings);
  throw new FeedprintError({
    code: 'usage',
    message: 'an audit got neither texts nor pairs nor ratings',
    remedy: 'pass texts (--texts), or pairs (--pairs) or ratings (--ratings), or both',
  });
}

/** Each prompt with its reply. */
const textsOfRatings = ({ ratings, ...file }: RatingFile): TextFile => ({
  ...file,
  texts: ratings.map(({ prompt, reply }) => prompt + reply),
});

/** Each prompt with either reply. */
function textsOfPairs(pairs: PairFile, settings: AuditSettings): TextFile {
  const { file, layout, skipped } = pairs;
  return {
    file,
    layout,
    skipped,
    // Which pairs they come from determines what they are.
    sha256: hashOf([pairs.sha256, settings.maxPairs ?? null, settings.seed]),
    texts: samplePairs(pairs, settings).flatMap(({ record: { prompt, chosen, rejected } }) => [
      prompt + chosen,
      prompt + rejected,
    ]),
  };
}
