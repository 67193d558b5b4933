import type { LearnedItem } from '../api/trajectory.ts';
import { spaced } from './format.ts';

type Named = Pick<LearnedItem, 'name' | 'inWords'>;

/** What was learned in words, with the property where several say the same. */
export function learnedWords(item: Named, items: readonly Named[]): string {
  const alike = items.filter(({ inWords }) => inWords === item.inWords);
  return alike.length > 1 ? `${item.inWords} (${spaced(item.name)})` : item.inWords;
}
