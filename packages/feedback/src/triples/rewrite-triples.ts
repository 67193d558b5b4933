import { dataRule, limitConcurrency, quoteData } from '@feedprint/core';
import type { ChatMessage, ChatModel, FeedbackSignal, Reply } from '@feedprint/core';
import { z } from 'zod';

export interface RewriteOptions {
  readonly chat: ChatModel;
  readonly texts: readonly Reply[];
  /** How the versions differ, for the chat model: `sentiment, from praise to blame`. */
  readonly quality: string;
  /**
   * Feedback that must rank the positive version above the neutral one, and that above the negative one. Default: not
   * checked.
   */
  readonly check?: FeedbackSignal<'sequence'>;
  /** Requests under way at the same time. Default 4. */
  readonly concurrency?: number;
}

/** A whole text in three versions. */
export interface RewrittenTriple {
  /** Index of the text. */
  readonly text: number;
  /** The prompt that all versions reply to. */
  readonly prompt: string;
  readonly original: string;
  readonly positive: string;
  readonly neutral: string;
  readonly negative: string;
}

/** A text without a triple. */
export interface DroppedText {
  /** Index of the text. */
  readonly text: number;
  readonly reason: 'blank' | 'unusable' | 'alike' | 'shortened' | 'lengthened' | 'disordered';
  /** What was wrong, in a sentence. */
  readonly explanation: string;
}

/**
 * Versions may have up to this many times fewer or more words than the text, so that length does not give them away.
 */
const LENGTH_FACTOR = 2;
/** Additional words by which a version may differ from a short text. */
const SLACK = 5;

const sides = ['positive', 'neutral', 'negative'] as const;
const versionsSchema = z.object({
  positive: z.string(),
  neutral: z.string(),
  negative: z.string(),
});
type Versions = Readonly<z.infer<typeof versionsSchema>>;
type Problem = Omit<DroppedText, 'text'>;

/**
 * Contrastive triples by a chat model that rewrites whole texts (arXiv 2310.08164, appendix): the same reply with the
 * good, the neutral and the bad side of one quality. Texts are shown as JSON strings that cannot pose as instructions.
 *
 * Every text is accounted for, as a triple or among those dropped, with the reason: an answer that is cut off or not
 * JSON, versions that are blank, alike, much shorter or longer than the text, or that `check` does not put in order.
 * Errors of the chat model (`service-failed`) pass through. Both lists are in the order of the texts.
 */
export async function rewriteTriples({
  chat,
  texts,
  quality,
  check,
  concurrency = 4,
}: RewriteOptions): Promise<{
  readonly triples: readonly RewrittenTriple[];
  readonly dropped: readonly DroppedText[];
}> {
  const limit = limitConcurrency(concurrency);
  const rewrite = async ({ prompt, reply }: Reply, text: number) => {
    const blank: Problem = { reason: 'blank', explanation: 'the text is blank' };
    if (reply.trim() === '') return { text, ...blank };
    const messages = rewriteMessages({ prompt, reply }, quality);
    const versions = await limit(() => chat.complete(messages, versionsSchema));
    const problem = versions
      ? (problemOf(reply, versions) ?? (check && (await disorder(prompt, versions, check))))
      : { reason: 'unusable' as const, explanation: 'the answer is not JSON with three versions' };
    return problem ? { text, ...problem } : { text, prompt, original: reply, ...versions };
  };
  const results = await Promise.all(texts.map(rewrite));
  const isDropped = (result: object): result is DroppedText => 'reason' in result;
  return {
    triples: results.filter((result): result is RewrittenTriple => !isDropped(result)),
    dropped: results.filter(isDropped),
  };
}

function problemOf(original: string, versions: Versions): Problem | undefined {
  const blank = sides.find((side) => versions[side].trim() === '');
  if (blank) return { reason: 'blank', explanation: `the ${blank} version is blank` };
  if (new Set(sides.map((side) => versions[side].trim())).size < sides.length) {
    return { reason: 'alike', explanation: 'two versions are the same' };
  }
  const words = countWords(original);
  for (const side of sides) {
    const n = countWords(versions[side]);
    const explanation = `the ${side} version has ${n} words, the text ${words}`;
    if (n + SLACK < words / LENGTH_FACTOR) return { reason: 'shortened', explanation };
    if (n - SLACK > words * LENGTH_FACTOR) return { reason: 'lengthened', explanation };
  }
  return undefined;
}

const countWords = (text: string): number => text.trim().split(/\s+/).length;

async function disorder(
  prompt: string,
  versions: Versions,
  check: FeedbackSignal<'sequence'>,
): Promise<Problem | undefined> {
  const scores = await check.score(sides.map((side) => ({ prompt, reply: versions[side] })));
  const [positive = NaN, neutral = NaN, negative = NaN] = scores;
  if (positive > neutral && neutral > negative) return undefined;
  const shown = sides.map((side, i) => `${side} ${scores[i] ?? 'nothing'}`).join(', ');
  return { reason: 'disordered', explanation: `${check.name} scores them ${shown}` };
}

function rewriteMessages({ prompt, reply }: Reply, quality: string): ChatMessage[] {
  const asked = prompt === '' ? '' : `It replies to:\n<data>\n${quoteData(prompt)}\n</data>\n\n`;
  return [
    {
      role: 'system',
      content: `You rewrite a text in three versions that differ in one quality alone: ${quality}. The positive version has its good side, the negative version its bad side, the neutral version neither. Rewrite the whole text, from its beginning to its end; keep the topic, the facts, the style and about the length. ${dataRule} Answer with JSON: {"positive": "...", "neutral": "...", "negative": "..."}`,
    },
    { role: 'user', content: `${asked}Text:\n<data>\n${quoteData(reply)}\n</data>` },
  ];
}
