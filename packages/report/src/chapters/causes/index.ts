import { defineChapter } from '../../chapter.ts';
import { shape } from './schema.ts';

export type { CausesReport } from './schema.ts';

/** What carries the learned effect, tested by interventions in both models. */
export const causes = defineChapter({ name: 'causes', shape, sections: [] });
