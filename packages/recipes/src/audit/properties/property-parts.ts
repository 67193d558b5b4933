import type { Part, Property, Tokenizer } from '@feedprint/core';
import type { PropertyAnalysis, PropertyEvidence } from '@feedprint/probe';

/** What is measured of replies, and how it is judged. */
export interface PropertyParts extends Part {
  /** The properties, by name; `tokenizer` is that of the models. */
  measured(tokenizer: Tokenizer): readonly Property[];
  judge(evidence: PropertyEvidence): PropertyAnalysis;
}
