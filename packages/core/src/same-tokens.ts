import type { Tokenizer } from './contracts/language-model.ts';

type Prints = Pick<Tokenizer, 'fingerprint' | 'textFingerprint'>;

/** Whether two tokenizers give equal ids for every text that holds no special token added to one of them. */
export const sameTokens = (a: Prints, b: Prints): boolean =>
  a.fingerprint === b.fingerprint ||
  (a.textFingerprint !== undefined && a.textFingerprint === b.textFingerprint);
