import type { Property, Tokenizer } from '@feedprint/core';
import { loadVaderLexicon } from '../vader/lexicon.ts';
import type { Lexicon } from '../vader/lexicon.ts';
import { agreements } from './agreement.ts';
import { certainties } from './certainty.ts';
import { characters } from './characters.ts';
import { courtesies } from './courtesies.ts';
import { lengths, tokensProperty } from './length.ts';
import { lexicalVariety } from './lexical-variety.ts';
import { markups } from './markup.ts';
import { openings } from './openings.ts';
import { persons } from './person.ts';
import { punctuation } from './punctuation.ts';
import { readability } from './readability.ts';
import { repetitions } from './repetition.ts';
import { sentimentProperty } from './sentiment.ts';
import { styles } from './style.ts';

export interface StandardPropertiesOptions {
  /** Adds `tokens`, the length as this tokenizer's model sees it. */
  readonly tokenizer?: Tokenizer;
  /** What `sentiment` sums up. Default: VADER's. */
  readonly lexicon?: Lexicon;
}

/**
 * The properties of a reply that its characters tell, which need no model and no network. Throws `dependency-missing` if
 * VADER's lexicon is wanted and npm's `vader-sentiment` is not installed.
 */
export function standardProperties({
  tokenizer,
  lexicon = loadVaderLexicon(),
}: StandardPropertiesOptions = {}): readonly Property[] {
  return [
    ...lengths,
    ...(tokenizer ? [tokensProperty(tokenizer)] : []),
    ...markups,
    ...punctuation,
    ...characters,
    ...persons,
    ...styles,
    ...certainties,
    ...openings,
    ...courtesies,
    ...agreements,
    ...repetitions,
    readability,
    lexicalVariety,
    sentimentProperty(lexicon),
  ];
}
