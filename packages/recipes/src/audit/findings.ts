import { ablation } from './ablation/index.ts';
import { causes } from './causes/index.ts';
import { changes } from './changes/index.ts';
import { isStatedOfWords } from './context.ts';
import type { AuditContext } from './context.ts';
import { contexts } from './contexts/index.ts';
import { dictionaries } from './dictionaries/index.ts';
import { estimators } from './estimators/index.ts';
import { features } from './features/index.ts';
import type { Finding } from './finding.ts';
import { layers } from './layers/index.ts';
import { location } from './location/index.ts';
import { pairs } from './pairs/index.ts';
import { probes } from './probes/index.ts';
import { properties } from './properties/index.ts';
import { asksProperties } from './properties/fresh-replies.ts';
import { shift } from './shift/index.ts';
import { texts } from './texts/index.ts';
import { tokens } from './tokens/index.ts';
import { words } from './words/index.ts';

/**
 * What an audit finds out before anything else: no stage that these rest on needs a dictionary, nor a pass over the texts where
 * nothing is stated of their words.
 */
export const firstFindings = (context: AuditContext): readonly Finding[] =>
  isStatedOfWords(context)
    ? [words, properties, pairs, texts, layers, tokens]
    : asksProperties(context)
      ? [properties, layers]
      : [pairs, layers];

/** What is looked at while a model is trained: what was learned of words and of properties of replies. */
export const lookedAt = (): readonly Finding[] => [words, properties, layers];

/** What an audit finds out, in the order of the report. No other place knows every finding. */
export const findings = [
  words,
  properties,
  contexts,
  pairs,
  texts,
  estimators,
  layers,
  location,
  changes,
  dictionaries,
  probes,
  tokens,
  shift,
  features,
  causes,
  ablation,
] as const;
