import { ablation as chapter } from '@feedprint/report/chapters/ablation';
import { isStatedOfWords } from '../context.ts';
import { defineFinding } from '../finding.ts';
import { ablationTables } from './tables.ts';
import { validate } from './validate.ts';

/** What the features do: where they are active, and how the model behaves without them. */
export const ablation = defineFinding({
  chapter,
  asks: isStatedOfWords,
  needs: { validate },
  report: ({ needs }) => {
    const { features: _features, ...validation } = needs.validate.validation;
    return { validation };
  },
  tables: async ({ needs }) => ablationTables(await needs.validate.tables()),
});
