import { defineChapter } from '../../chapter.ts';
import { shape } from './schema.ts';
import { shiftSection } from './shift.ts';

export type { ShiftReport } from './schema.ts';

/** How the base model ranks what the tuned model says. */
export const shift = defineChapter({
  name: 'shift',
  shape,
  sections: [{ id: 'shift', name: 'Shift', render: shiftSection }],
});
