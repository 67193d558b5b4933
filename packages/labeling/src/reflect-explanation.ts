import type { ChatModel, FeatureEvidence, Labeler } from '@feedprint/core';
import { z } from 'zod';
import { reflectMessages } from './prompts/reflect.ts';

const schema = z.object({ criticism: z.string(), explanation: z.string() });

/**
 * Has an explanation criticised and rewritten (Reflection-Tuning, arXiv 2310.11716), from the windows that it was made from and
 * silent ones beside them, and keeps the new one only if it does better on the windows for selecting, which neither was made from
 * and which never score it in the end. The old one where there are none, or no usable answers.
 */
export async function reflectExplanation(
  explanation: string,
  evidence: FeatureEvidence,
  { ask, score }: { readonly ask: ChatModel['complete']; readonly score: Labeler['score'] },
): Promise<string> {
  const { top, contrast = [], selection } = evidence;
  if (!selection) return explanation;
  const answer = await ask(reflectMessages(explanation, top, contrast), schema);
  const rewritten = answer?.explanation.replace(/\s+/g, ' ').trim();
  if (!rewritten || rewritten === explanation) return explanation;
  const choosing = {
    ...evidence,
    heldOutActive: selection.active,
    heldOutSilent: selection.silent,
  };
  const before = await score(explanation, choosing);
  const after = await score(rewritten, choosing);
  const better = before && after && after.balancedAccuracy > before.balancedAccuracy;
  return better ? rewritten : explanation;
}
