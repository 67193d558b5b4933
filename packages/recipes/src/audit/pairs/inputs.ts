import { FeedprintError } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import { readTexts } from '@feedprint/feedback';
import type { PairFile, RatingFile, TextFile } from '@feedprint/feedback';
import { hashOf } from '@feedprint/pipeline';
import { createReplyEncoder } from '../../encode-pair.ts';
import { samplePairs } from '../../sample-pairs.ts';
import type { PreparedPairs } from './prepared-pairs.ts';
import type { AuditSettings } from '../settings.ts';

/** Pairs that are shown as the models see them. */
const SHOWN = 3;

/**
 * Tokenises the pairs, or a seeded sample of `maxPairs`, in the file's order, but for ties, which prefer no reply. Throws
 * `texts-invalid` if none is left.
 */
export function preparePairs(
  file: PairFile,
  settings: AuditSettings,
  { tokenizer, info }: LanguageModel,
): PreparedPairs {
  const { contextLength } = info;
  const { chatTemplate } = settings;
  const encoder = createReplyEncoder({ tokenizer, contextLength, chatTemplate });
  const chosen = samplePairs(file, settings).flatMap(({ index, record }) => {
    const encoded = record.tie ? undefined : encoder.encodePair(record, record.row ?? index);
    return encoded ? [{ record, encoded }] : [];
  });
  const encoded = chosen.map((pair) => pair.encoded);
  if (encoded.length === 0) {
    throw new FeedprintError({
      code: 'texts-invalid',
      message: `no pair in ${file.file} has two replies of at least one token each`,
      remedy: 'give longer replies',
    });
  }
  const records = chosen.map(({ record }) => record);
  const numbers = new Map<string, number>();
  const prompts = Int32Array.from(records, ({ prompt }) => {
    const number = numbers.get(prompt) ?? numbers.size;
    numbers.set(prompt, number);
    return number;
  });
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
    splits: new Map([...bySplit].map(([split, pairs]) => [split, Int32Array.from(pairs)])),
  };
}

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
