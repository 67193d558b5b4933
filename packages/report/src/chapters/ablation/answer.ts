import type { ChapterAnswer } from '../../chapter.ts';
import { plural } from '../../text.ts';
import { beyondRandom } from './outcome.ts';
import type { Report } from './schema.ts';

/** Whether the features found make a difference that random ones do not. */
export function answer({ validation: { ablation } }: Report): ChapterAnswer {
  const beyond = beyondRandom(ablation);
  if (beyond === null) return {};
  const draws = plural(ablation.filter(({ kind }) => kind === 'random').length, 'random set');
  return {
    restsOn: [
      {
        importance: 50,
        text: beyond
          ? `switching off the features that carry it changes what the model writes more than ${draws} do`
          : `not on the features: switching those found off does no more than ${draws} do`,
      },
    ],
  };
}
