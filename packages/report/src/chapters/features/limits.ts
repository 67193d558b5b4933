import type { Statement } from '../../chapter.ts';
import { plural } from '../../text.ts';
import type { Report } from './schema.ts';

export function limits({ features }: Report): readonly Statement[] {
  const unlabelled = features.filter((feature) => feature.label === null).length;
  return [
    {
      importance: 70,
      text: 'Features come from sparse autoencoders, which can split, merge or invent features. Labels are descriptions by a labeler, tested on held-out windows but not proven; only the ablations are causal.',
    },
    {
      importance: 30,
      text:
        unlabelled > 0
          ? `${unlabelled} of ${plural(features.length, 'feature')} got no label.`
          : '',
    },
  ];
}
