import { FeedprintError } from '@feedprint/core';
import type { LanguageModel } from '@feedprint/core';
import type { RatingFile } from '@feedprint/feedback';
import { createReplyEncoder } from '../../encode-pair.ts';
import { assertIndependent, independentGroups } from '../independent-groups.ts';
import { numbered } from '../linked-replies.ts';
import type { AuditSettings } from '../settings.ts';
import type { PreparedRatings } from './prepared-ratings.ts';

/**
 * Tokenises replies that were rated one by one, in the file's order. Throws `texts-invalid` for ratings without prompts, ratings
 * that are all the same, and replies of which too few have neither prompt nor text in common.
 */
export function prepareRatings(
  file: RatingFile,
  { chatTemplate }: Pick<AuditSettings, 'chatTemplate'>,
  { tokenizer, info }: LanguageModel,
): PreparedRatings {
  const { contextLength } = info;
  const encoder = createReplyEncoder({ tokenizer, contextLength, chatTemplate });
  const usable = file.ratings.flatMap((record, index) => {
    const { reply, ...prompt } = record;
    if (prompt.prompt.trim() === '') return [];
    const encoded = encoder.encode(prompt, [{ reply }])?.replies[0];
    return encoded ? [{ record, encoded: { index, reply: encoded } }] : [];
  });
  const records = usable.map(({ record }) => record);
  if (records.length === 0) {
    throw invalid(
      `no row of ${file.file} has a prompt and a reply of at least one token`,
      'give each row a prompt; ratings of texts alone can be the --feedback of an audit of pairs',
    );
  }
  const levels = new Set(records.map(({ rating }) => rating));
  if (levels.size === 1) {
    throw invalid(
      `all ${records.length} replies of ${file.file} have the rating ${[...levels][0]}`,
      'give replies that were rated differently',
    );
  }
  const prompts = numbered(records.map(({ prompt }) => prompt));
  const independent = independentGroups(
    records.map(({ reply }) => [reply]),
    prompts,
  );
  assertIndependent(independent.groups, { what: 'rated replies', file: file.file });
  const encoded = usable.map((one) => one.encoded);
  return { file, template: encoder.template, encoded, records, prompts, ...independent };
}

const invalid = (message: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'texts-invalid', message, remedy });
