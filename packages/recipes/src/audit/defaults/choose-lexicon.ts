import { basename } from 'node:path';
import type { FeedbackSignal } from '@feedprint/core';
import {
  createLexiconSignal,
  createVaderSignal,
  loadVaderLexicon,
  readLexicon,
} from '@feedprint/feedback';
import type { Lexicon } from '@feedprint/feedback';

/** What an audit is told of the feedback. */
export interface Feedback {
  readonly signal: FeedbackSignal<'token'>;
  /** The question by which features are classified as related to the feedback. */
  readonly question: string;
}

/** Feedback that a lexicon states. */
export interface LexiconFeedback extends Feedback {
  readonly lexicon: Lexicon;
}

/** The question by which features are classified as related to VADER's feedback. */
export const vaderQuestion =
  'Does this feature respond to words that carry sentiment, such as praise, blame, pleasure or anger?';

/** The lexicon that is named, or that lies in a file. Throws what `readLexicon` throws. */
export async function chooseLexicon(nameOrPath: string): Promise<LexiconFeedback> {
  if (nameOrPath === 'vader') {
    const lexicon = loadVaderLexicon();
    return { lexicon, signal: createVaderSignal(lexicon), question: vaderQuestion };
  }
  const lexicon = await readLexicon(nameOrPath);
  return {
    lexicon,
    signal: createLexiconSignal({ name: basename(nameOrPath), lexicon }),
    question: `Does this feature respond to words that some scale calls good or bad, such as ${examples(lexicon)}?`,
  };
}

/** The words with the largest numbers, either sign. */
const examples = (lexicon: Lexicon): string =>
  [...lexicon]
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
    .slice(0, 8)
    .map(([word, value]) => `"${word}" (${value > 0 ? 'good' : 'bad'})`)
    .join(', ');
