import type { Tokenizer } from './contracts/language-model.ts';

type Prints = Pick<Tokenizer, 'fingerprint' | 'textFingerprint'>;

/**
 * Whether two tokenizers produce equal ids for every text without special tokens that were added to only one of them.
 */
export const sameTokens = (a: Prints, b: Prints): boolean =>
  a.fingerprint === b.fingerprint ||
  (a.textFingerprint !== undefined && a.textFingerprint === b.textFingerprint);
