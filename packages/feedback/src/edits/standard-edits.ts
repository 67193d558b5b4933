import { certaintyEdits } from './certainty-edits.ts';
import { characterEdits } from './character-edits.ts';
import { contractionEdits } from './contraction-edits.ts';
import { courtesyEdits } from './courtesy-edits.ts';
import { lengthEdits } from './length-edits.ts';
import { markupEdits } from './markup-edits.ts';
import { openingEdits } from './opening-edits.ts';
import { personEdits } from './person-edits.ts';
import { punctuationEdits } from './punctuation-edits.ts';
import type { ReplyEdit } from './reply-edit.ts';
import { styleEdits } from './style-edits.ts';

/** Edits of single properties of replies, of which several may be for one property. */
export const standardEdits: readonly ReplyEdit[] = [
  ...lengthEdits,
  ...markupEdits,
  ...punctuationEdits,
  ...characterEdits,
  ...personEdits,
  ...contractionEdits,
  ...styleEdits,
  ...certaintyEdits,
  ...openingEdits,
  ...courtesyEdits,
];
