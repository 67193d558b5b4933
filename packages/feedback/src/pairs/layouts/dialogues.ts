import { humanTurn, splitDialogues } from '../split-dialogues.ts';
import { withTurns } from './as-pair.ts';
import { present, UnsoundRow } from './layout.ts';
import type { PairLayout } from './layout.ts';
import { marginOf } from './margin.ts';

/**
 * HH-RLHF: `chosen` and `rejected` are whole dialogues, texts that begin with the prompt, which may also be given
 * separately.
 */
export const dialogues: PairLayout = {
  name: 'HH-RLHF dialogues',
  fits: ({ prompt, chosen, rejected }) =>
    [chosen, rejected].every((text) => typeof text === 'string' && text.startsWith(humanTurn)) &&
    ['string', 'undefined'].includes(typeof present(prompt)),
  read: (record) => {
    const pair = splitDialogues(record['chosen'] as string, record['rejected'] as string);
    if (!pair) {
      throw new UnsoundRow('dialogues that are not the same up to an "\\n\\nAssistant:"');
    }
    const prompt = present(record['prompt']);
    if (typeof prompt === 'string' && !pair.prompt.includes(prompt.trim())) {
      throw new UnsoundRow('dialogues that do not contain the "prompt"');
    }
    return [{ ...withTurns(pair), ...marginOf(record) }];
  },
};
