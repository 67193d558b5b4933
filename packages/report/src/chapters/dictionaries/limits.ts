import type { Statement } from '../../chapter.ts';
import { plural } from '../../text.ts';
import type { Report } from './schema.ts';

export function limits({ saes }: Report): readonly Statement[] {
  const dead = saes.filter((sae) => sae.alive < 0.5).length;
  return [
    {
      importance: 25,
      text:
        dead > 0
          ? `In ${plural(dead, 'dictionary', 'dictionaries')}, more than half of the features were never active.`
          : '',
    },
  ];
}
