import { repliesOf } from '../encode-pair.ts';
import type { EncodedReply } from '../encode-pair.ts';
import type { AuditContext } from './context.ts';
import type { PreparedPairs } from './pairs/prepared-pairs.ts';
import type { PreparedRatings } from './ratings/prepared-ratings.ts';

/** Replies of which something is said, in pairs or one by one: where the prompts of fresh replies come from. */
export type PreparedReplies = PreparedPairs | PreparedRatings;

/** Those of an audit, where it has some. */
export const preparedReplies = ({
  pairs,
  ratings,
}: Pick<AuditContext, 'pairs' | 'ratings'>): PreparedReplies | undefined => pairs ?? ratings;

export const areRated = (replies: PreparedReplies): replies is PreparedRatings =>
  'ratings' in replies.file;

/** All replies, in the file's order. */
export const encodedReplies = ({ encoded }: Pick<PreparedReplies, 'encoded'>): EncodedReply[] =>
  encoded.flatMap((one) => ('reply' in one ? [one.reply] : repliesOf([one])));
