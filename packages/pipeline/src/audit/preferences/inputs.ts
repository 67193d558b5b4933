import { FeedprintError } from '@feedprint/core';
import type { LanguageModel, PairFile, PairRecord, TextFile } from '@feedprint/core';
import { randomOf } from '../context.ts';
import { known } from '../files.ts';
import { encodePair } from './encode.ts';
import type { EncodedPair } from './encode.ts';
import type { AuditSettings } from '../settings.ts';
import type { AuditParts } from '../parts.ts';

/** Pairs of an audit, checked and tokenised. */
export interface PreparedPairs {
  readonly file: PairFile;
  readonly encoded: readonly EncodedPair[];
  /** Records in the order of `encoded`. */
  readonly records: readonly PairRecord[];
  /** Number of each pair's prompt. */
  readonly prompts: Int32Array;
  /** Indices of the pairs of each split that the file names. */
  readonly splits: ReadonlyMap<string, Int32Array>;
}

/** Tokenises the pairs, or a seeded sample of `maxPairs`, in the file's order. Throws `texts-invalid` when none is left. */
export function preparePairs(
  file: PairFile,
  settings: AuditSettings,
  { tokenizer, info }: LanguageModel,
): PreparedPairs {
  const indices = randomOf({ settings }, 'pairs')
    .shuffle([...file.pairs.keys()])
    .slice(0, settings.maxPairs)
    .sort((a, b) => a - b);
  const { contextLength } = info;
  const chosen = indices.flatMap((index) => {
    const record = known(file.pairs[index], `pair ${index}`);
    const encoded = encodePair(record, record.row ?? index, { tokenizer, contextLength });
    return encoded ? [{ record, encoded }] : [];
  });
  const encoded = chosen.map((pair) => pair.encoded);
  if (encoded.length === 0) {
    throw new FeedprintError({
      code: 'texts-invalid',
      message: `no pair of ${file.file} has two replies of a token or more`,
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
    encoded,
    records,
    prompts,
    splits: new Map([...bySplit].map(([split, pairs]) => [split, Int32Array.from(pairs)])),
  };
}

/** The texts of a file, or of the pairs where none is named. Throws `usage` without either, and what `readTexts` throws. */
export async function chooseTexts(
  { readTexts }: Pick<AuditParts, 'readTexts'>,
  { path, limit }: { readonly path: string | undefined; readonly limit: number | undefined },
  pairs: PairFile | undefined,
): Promise<TextFile> {
  if (path !== undefined) return readTexts(path, limit === undefined ? {} : { limit });
  if (pairs) return textsOfPairs(pairs);
  throw new FeedprintError({
    code: 'usage',
    message: 'an audit got neither texts nor pairs',
    remedy: 'give it texts (--texts), pairs (--pairs) or both',
  });
}

/** Each prompt with either reply. */
const textsOfPairs = ({ pairs, ...file }: PairFile): TextFile => ({
  ...file,
  texts: pairs.flatMap(({ prompt, chosen, rejected }) => [prompt + chosen, prompt + rejected]),
});
