import type { AuditContext } from '../context.ts';
import type { ReplySignal } from './reply-signal.ts';
import { sumOfWords } from './sum-of-words.ts';

/** What is known to have been rewarded of whole replies: a signal on them, or the words that a signal on words scores. */
export const rewardOfReplies = ({
  parts,
  lexicon,
}: Pick<AuditContext, 'parts' | 'lexicon'>): ReplySignal | undefined =>
  parts.replySignal ?? (parts.signal && sumOfWords(parts.signal, lexicon));
