import type { Random, Reply } from '@feedprint/core';

/** What is wrong with a reply, on purpose. `padded` is not worse, only longer. */
export const plantedFaults = ['cut', 'shuffled', 'swapped', 'repeated', 'padded'] as const;
export type PlantedFault = (typeof plantedFaults)[number];

/** Says nothing about anything. */
const filler = [
  'It should be said that there is more that could be said about this.',
  'As with many things, there are several sides to it, and each of them can be looked at in turn.',
  'All of this should be kept in mind when thinking about it further.',
].join(' ');

/** Words that a reply must have to be spoilt. */
const leastWords = 8;

/**
 * A reply with a fault: `cut` in the middle of a word after two fifths, `shuffled` words, `swapped` for the reply to
 * another prompt, its first half `repeated` instead of the second, or `padded` with sentences that say nothing. Undefined
 * where the fault would not be one: for short replies, and without another prompt to take a reply from.
 */
export function plantFault(
  example: Reply,
  fault: PlantedFault,
  { others, random }: { readonly others: readonly Reply[]; readonly random: Random },
): Reply | undefined {
  const { prompt, reply } = example;
  const words = reply.split(/(?<=\s)(?=\S)/);
  if (words.length < leastWords) return undefined;
  const with_ = (spoilt: string): Reply => ({ prompt, reply: spoilt });
  switch (fault) {
    case 'cut': {
      const kept = words
        .slice(0, Math.floor(0.4 * words.length) + 1)
        .join('')
        .trimEnd();
      return with_(kept.slice(0, -1));
    }
    case 'shuffled':
      return with_(random.shuffle(words.map((word) => word.trim())).join(' '));
    case 'swapped': {
      const foreign = others.filter((other) => other.prompt !== prompt && other.reply !== reply);
      const taken = foreign[random.integer(Math.max(1, foreign.length))];
      return prompt === '' || !taken ? undefined : with_(taken.reply);
    }
    case 'repeated': {
      const half = words
        .slice(0, Math.ceil(words.length / 2))
        .join('')
        .trimEnd();
      return with_(`${half} ${half}`);
    }
    case 'padded':
      return with_(`${reply.trimEnd()} ${filler}`);
  }
}
