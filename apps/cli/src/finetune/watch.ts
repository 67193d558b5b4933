import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { createWatch } from '@feedprint/recipes';
import type { Watch } from '@feedprint/recipes';
import { pick } from '../audit/pick.ts';
import type { Io } from '../io.ts';
import { withLooks } from '../trajectory/with-looks.ts';
import { isRewardMethod, replySignal } from './flags.ts';
import type { FinetuneFlags } from './flags.ts';

/** What `--audit-every` asks for, opened for `work`; nothing without it. Throws what `withLooks` throws, and `usage` where there is nothing to audit by. */
export async function withWatch<T>(
  flags: FinetuneFlags,
  io: Io,
  work: (watch: Watch | undefined) => Promise<T>,
): Promise<T> {
  const { auditEvery, model, out } = flags;
  if (auditEvery === undefined) return work(undefined);
  const { auditTexts, auditFeedback } = auditedWords(flags);
  if (flags.pairs === undefined && auditFeedback === undefined) {
    throw new FeedprintError({
      code: 'usage',
      message: '--audit-every has nothing to audit by',
      remedy: 'learn from --pairs, or add --audit-feedback and --audit-texts',
    });
  }
  const config = {
    ...{ base: model, out: join(out, 'watch') },
    ...pick(flags, ['pairs', 'map', 'maxPairs', 'chatTemplate', 'told', 'freshReplies', 'seed']),
    ...pick(flags, ['threads', 'device', 'revision', 'offline']),
    ...(auditTexts !== undefined && { texts: auditTexts }),
    ...(auditFeedback !== undefined && { feedback: auditFeedback }),
  };
  return withLooks(config, io, (options) =>
    work(createWatch(auditEvery, { ...options, audits: join(out, 'audits') })),
  );
}

/** Words and texts to audit by: where words are rewarded, unless the flags name others, these words in the texts that the prompts are taken from. */
function auditedWords(flags: FinetuneFlags): {
  readonly auditTexts: string | undefined;
  readonly auditFeedback: string | undefined;
} {
  const { auditTexts, auditFeedback, method, signal, prompts } = flags;
  if (!isRewardMethod(method)) return { auditTexts, auditFeedback };
  const feedback = auditFeedback ?? (signal === replySignal ? undefined : signal);
  return { auditFeedback: feedback, auditTexts: auditTexts ?? prompts };
}
