import type { WordInput } from '@feedprint/probe';
import type { Captured } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import { seedOf } from '../random.ts';
import { capturedCounts, wordEvidence } from './evidence.ts';
import { textEvidence } from './text-evidence.ts';

/** What estimators know about the scored words before there is any dictionary. */
export const wordInput = (context: AuditContext, captured: Captured): WordInput => ({
  words: wordEvidence(context, capturedCounts(context, captured)),
  text: textEvidence(context),
  seed: seedOf(context, 'estimate'),
});
