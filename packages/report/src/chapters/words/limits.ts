import type { Statement } from '../../chapter.ts';
import { plural } from '../../text.ts';
import type { Report } from './schema.ts';

export function limits({ words, texts }: Report): readonly Statement[] {
  const few = words.filter((word) => word.n < 10).length;
  const neutral = words.filter((word) => word.stated === 0).length;
  return [
    {
      importance: 90,
      text: 'A flagged word is evidence that what was learned differs from what was told. It does not say why: the training data may have expressed something other than what was meant, or tuning may have generalised wrongly.',
    },
    {
      importance: 80,
      text: 'Words are judged one by one, in the contexts of these texts. Meaning that spans several words is seen only through its parts.',
    },
    {
      importance: 60,
      text: `A word that is not flagged is not thereby cleared: of a word that is rare or was told little, even a full reversal cannot be told from noise (see its power in the table).${
        few > 0
          ? ` ${plural(few, 'word')} here ${few === 1 ? 'has' : 'have'} fewer than 10 occurrences.`
          : ''
      }`,
    },
    {
      importance: 50,
      text:
        neutral > 0
          ? `${plural(neutral, 'word')} with stated feedback 0 ${neutral === 1 ? 'has' : 'have'} no sign to contradict.`
          : '',
    },
    {
      importance: 45,
      text:
        texts.unscoredWords > 0
          ? `${plural(texts.unscoredWords, 'word')} of the lexicon ${texts.unscoredWords === 1 ? 'is' : 'are'} split by the tokenizer and could not be scored.`
          : '',
    },
  ];
}
