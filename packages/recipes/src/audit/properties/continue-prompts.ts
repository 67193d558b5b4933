import type { LanguageModel, Random } from '@feedprint/core';
import type { PreparedReplies } from '../prepared-replies.ts';
import { replyTokens } from './prompts.ts';

/** Prompts that are continued at once: enough for full batches, few enough to stop soon. */
const TOGETHER = 256;
/** Where a reply to a conversation in plain text ends: as the next turn begins. Nothing else ends it for a model that knows no template. */
const NEXT_TURN = '\n\nHuman:';

/** What ends a reply to these prompts, besides the model's own token. */
export const stopOf = ({
  template,
  records,
}: PreparedReplies): { readonly stop?: readonly string[] } =>
  template === 'hh' && records.some(({ turns }) => turns) ? { stop: [NEXT_TURN] } : {};

interface ContinueJob {
  readonly model: Pick<LanguageModel, 'generate' | 'info'>;
  /** Where the prompts come from. */
  readonly replies: PreparedReplies;
  /** Prompts as token ids. */
  readonly rows: readonly Int32Array[];
  readonly random: Random;
  readonly onProgress: (done: number) => void;
}

/** What a model writes to each prompt, as token ids with what ended it. */
export async function continuePrompts(job: ContinueJob): Promise<number[][]> {
  const { model, replies, rows, random, onProgress } = job;
  const maxNewTokens = replyTokens(replies, model.info.contextLength);
  const tokens: number[][] = [];
  for (let at = 0; at < rows.length; at += TOGETHER) {
    const seed = random.fork(`${at}`).integer(0x1_0000_0000);
    const options = { maxNewTokens, seed, keepEnd: true, ...stopOf(replies) };
    tokens.push(...(await model.generate(rows.slice(at, at + TOGETHER), options)));
    onProgress(tokens.length);
  }
  return tokens;
}
