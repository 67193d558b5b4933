import { humanTurn, splitDialogues } from '../split-dialogues.ts';
import { withTurns } from './dialogue-turns.ts';
import { present, UnsoundRow } from './layout.ts';
import type { PairLayout } from './layout.ts';

/**
 * HH-RLHF: `chosen` and `rejected` are whole dialogues, texts that begin with the prompt, which may also be given
 * separately.
 */
export const dialogues: PairLayout = {
  name: 'HH-RLHF dialogues',
  read: ({ prompt: given, chosen, rejected }) => {
    const prompt = present(given);
    if (typeof chosen !== 'string' || typeof rejected !== 'string') return undefined;
    const areWhole = [chosen, rejected].every((text) => text.startsWith(humanTurn));
    if (prompt !== undefined && !(typeof prompt === 'string' && areWhole)) return undefined;
    const pair = splitDialogues(chosen, rejected);
    if (!pair) {
      throw new UnsoundRow(
        'no "prompt", and "chosen" and "rejected" share no dialogue up to "\\n\\nAssistant:"',
      );
    }
    if (prompt !== undefined && !pair.prompt.includes(prompt.trim())) {
      throw new UnsoundRow('dialogues that do not contain the "prompt"');
    }
    return withTurns(pair);
  },
};
