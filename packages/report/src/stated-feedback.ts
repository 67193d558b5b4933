import type { RunFacts } from './run-facts.ts';

/** What is stated of words, by its name: `VADER lexicon feedback`; a name that says so itself is left as it is. */
export const statedFeedback = ({ feedback }: Pick<RunFacts, 'feedback'>): string =>
  feedback === undefined
    ? 'feedback'
    : /feedback$/i.test(feedback.name)
      ? feedback.name
      : `${feedback.name} feedback`;
