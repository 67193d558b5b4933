import type { ChatModel, FeatureEvidence } from '@feedprint/core';
import { createRandom, hash32 } from '@feedprint/core';
import { z } from 'zod';
import { intruderMessages } from '../prompts/judge-texts.ts';

/** How often the one silent window among active ones was found. */
export interface IntruderScore {
  /** In [0, 1]. */
  readonly accuracy: number;
  /** What guessing gives. */
  readonly chance: number;
  /** Groups of windows asked about. */
  readonly n: number;
}

/** Active windows beside each intruder. */
const beside = 4;

/**
 * Shows four held-out active windows and a silent one, and asks for the one that does not belong (Paulo et al. 2025). No
 * explanation is needed: it measures whether what the feature fires on has anything in common that a reader can see. One
 * group per silent window, as long as there are active ones; `undefined` without any, or for an unusable answer.
 */
export async function scoreIntruders(
  chat: ChatModel,
  { id, heldOutActive, heldOutSilent }: FeatureEvidence,
): Promise<IntruderScore | undefined> {
  if (heldOutActive.length < beside || heldOutSilent.length === 0) return undefined;
  const random = createRandom(hash32(id)).fork('intruders');
  const groups = heldOutSilent.map((intruder) => {
    const windows = random.shuffle([...heldOutActive]).slice(0, beside);
    const at = random.integer(beside + 1);
    windows.splice(at, 0, intruder);
    return { windows, at };
  });
  const schema = z.object({
    intruder: z
      .int()
      .min(1)
      .max(beside + 1),
  });
  const answers = await Promise.all(
    groups.map(({ windows }) =>
      chat.complete(intruderMessages(windows.map(({ tokens }) => tokens.join(''))), schema),
    ),
  );
  if (answers.some((answer) => answer === undefined)) return undefined;
  const found = groups.filter(({ at }, i) => answers[i]?.intruder === at + 1).length;
  return { accuracy: found / groups.length, chance: 1 / (beside + 1), n: groups.length };
}
