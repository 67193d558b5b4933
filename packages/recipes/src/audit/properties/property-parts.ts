import type { Part, Property, Tokenizer } from '@feedprint/core';
import type { ReplyEdit } from '@feedprint/feedback';
import type { PropertyAnalysis, PropertyEvidence } from '@feedprint/probe';
import type { PropertyFinder } from './found/property-finder.ts';

/** What is measured of replies, and how it is judged. */
export interface PropertyParts extends Part {
  /** The properties, by name; `tokenizer` is that of the models. */
  measured(tokenizer: Tokenizer): readonly Property[];
  /** What changes single properties, for what becomes of R then. Absent: it is not tried. */
  readonly edits?: readonly ReplyEdit[];
  /** What finds further ones in the pairs. Absent: none are looked for. */
  readonly finders?: readonly PropertyFinder[];
  judge(evidence: PropertyEvidence): PropertyAnalysis;
}
