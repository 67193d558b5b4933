import type { Statement } from '../../chapter.ts';
import { plural } from '../../text.ts';
import type { Report } from './schema.ts';

/** If the report has words, the features push those that it flags. */
type BesideWords = Report & { readonly words?: readonly { readonly flagged: boolean }[] };

export const sentences = (report: BesideWords): readonly Statement[] => [
  { importance: 80, text: pushing(report) },
];

function pushing({ words, attribution }: BesideWords): string {
  const { flagged, tested, words: against } = attribution.contradicting;
  if (!(words?.some((word) => word.flagged) ?? against > 0)) return '';
  return `${flagged} of ${plural(tested, 'feature')} ${flagged === 1 ? 'pushes' : 'push'} mis-learned words in the wrong direction more strongly than words of the same frequency, or of the same shift.`;
}
