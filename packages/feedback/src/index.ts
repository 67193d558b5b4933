export { loadVaderLexicon, parseVaderLexicon } from './vader-lexicon.ts';
export type { Lexicon } from './vader-lexicon.ts';
export { createVaderSignal } from './vader-signal.ts';
export { createFunctionSignal } from './function-signal.ts';
export type { FunctionSignalOptions } from './function-signal.ts';
export { neutralTokens, scoredTokens } from './vocabulary.ts';
export type { NeutralTokensOptions, ScoredToken } from './vocabulary.ts';
export { contrastiveTriples } from './contrastive-triples.ts';
export type { ContrastiveTriplesOptions, PlacedTriple } from './contrastive-triples.ts';
