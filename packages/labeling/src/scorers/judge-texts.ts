import type { ChatModel } from '@feedprint/core';
import { z } from 'zod';
import { detectMessages } from '../prompts/judge-texts.ts';

export interface TextsToJudge {
  readonly explanation: string;
  readonly texts: readonly string[];
  /** Texts on which the feature is known to be active, shown beside the description. */
  readonly evidence?: readonly string[];
}

/** Whether a feature so described is active in each of the texts, as a chat model says; undefined without a usable answer. */
export async function judgeTexts(
  ask: ChatModel['complete'],
  { explanation, texts, evidence }: TextsToJudge,
): Promise<boolean[] | undefined> {
  const schema = z.object({ active: z.array(z.int().min(1).max(texts.length)) });
  const answer = await ask(detectMessages(explanation, texts, evidence), schema);
  return answer && texts.map((_, i) => answer.active.includes(i + 1));
}
