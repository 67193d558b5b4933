import type { Statement } from '../../chapter.ts';
import type { Report } from './schema.ts';

export const limits = ({ validation }: Report): readonly Statement[] => [
  {
    importance: 20,
    text: validation.ablation.some(({ kind }) => kind === 'random')
      ? ''
      : 'No random features were ablated, so the effect of ablation has no control.',
  },
];
