import type { PairRecord, RatedReply } from '@feedprint/feedback';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { encodedReplies } from '../prepared-replies.ts';
import type { PreparedReplies } from '../prepared-replies.ts';
import { randomOf } from '../random.ts';
import type { AuditSettings } from '../settings.ts';

/** A prompt to which both models write one fresh reply each. */
export interface FreshPrompt {
  /** Token ids that the replies follow. */
  readonly row: Int32Array;
  /** The prompt as the file has it. */
  readonly text: string;
  /** Number of the prompt among those of the file. */
  readonly prompt: number;
  /** Whether the file says that tuning did not see it. */
  readonly isHeldOut: boolean;
}

/** Replies longer than this are cut, by default. */
const LONGEST = 256;
/** Share of the file's replies that are no longer than the fresh ones may be. */
const COVERED = 0.9;
/** Names of splits that tuning saw. */
const TRAINED = /^train/i;

/** Tokens that a fresh reply may have: those of nine in ten replies of the file, at most half of the context and 256. */
export function replyTokens(
  replies: Pick<PreparedReplies, 'encoded'>,
  contextLength: number,
): number {
  const lengths = encodedReplies(replies)
    .map(({ row, start }) => row.length - start)
    .sort((a, b) => a - b);
  const usual = lengths[Math.floor(COVERED * (lengths.length - 1))] ?? 1;
  return Math.max(1, Math.min(usual, LONGEST, Math.floor(contextLength / 2)));
}

/**
 * Prompts of the pairs or rated replies, as many as are asked for, in a random order: those first that tuning did not see, each once
 * before any is taken again. A prompt that leaves too little of the context loses its beginning.
 */
export function freshPrompts(
  context: Pick<AuditContext, 'models'> & { readonly settings: Pick<AuditSettings, 'seed'> },
  { encoded, prompts, records }: PreparedReplies,
  count: number,
): FreshPrompt[] {
  const most =
    context.models.tuned.info.contextLength -
    replyTokens({ encoded }, context.models.tuned.info.contextLength);
  const first = new Map<number, FreshPrompt>();
  encoded.forEach((one, i) => {
    const { row, start } = 'reply' in one ? one.reply : one.chosen;
    const prompt = prompts[i] as number;
    const record = known<PairRecord | RatedReply>(records[i], `reply ${i}`);
    const { prompt: text } = record;
    const split = 'split' in record ? record.split : undefined;
    const isHeldOut = split !== undefined && !TRAINED.test(split);
    const same = first.get(prompt);
    if (same && (same.isHeldOut === isHeldOut || isHeldOut)) return;
    const before = row.slice(Math.max(0, start - most), start);
    first.set(prompt, { row: before, text, prompt, isHeldOut });
  });
  const order = randomOf(context, 'fresh prompts').shuffle([...first.values()]);
  const sorted = [
    ...order.filter((one) => one.isHeldOut),
    ...order.filter((one) => !one.isHeldOut),
  ];
  return Array.from({ length: sorted.length === 0 ? 0 : count }, (_, i) =>
    known(sorted[i % sorted.length], `prompt ${i}`),
  );
}
