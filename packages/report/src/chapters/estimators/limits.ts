import type { Statement } from '../../chapter.ts';
import type { Report } from './schema.ts';

export const limits = ({ agreement }: Report): readonly Statement[] => [
  {
    importance: 10,
    text:
      agreement.controls.length === 0
        ? 'Agreement was measured without controls; it cannot be told apart from what the base model already knew.'
        : '',
  },
];
