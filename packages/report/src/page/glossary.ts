import type { Chapter, Term } from '../chapter.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';

/** Terms that every report uses. */
const ofEveryReport: readonly Term[] = [
  {
    term: 'base, tuned',
    meaning: 'The language model before and after fine-tuning on the feedback.',
  },
  {
    term: 'log-ratio, learned feedback',
    meaning:
      'log p tuned − log p base of a token where it occurs, in nats: how much more probable tuning made it. Summed over a reply, KL-regularised tuning makes it proportional to the reward, up to a constant; of a single token it is an advantage, so that its order and sign count, not its size.',
  },
];

/** The terms that the chapters name, each once. */
export function glossaryTerms(chapters: readonly Pick<Chapter, 'terms'>[]): Term[] {
  const all = [...ofEveryReport, ...chapters.flatMap(({ terms = [] }) => terms)];
  return all.filter(
    ({ term, meaning }, i) =>
      all.findIndex((other) => other.term === term && other.meaning === meaning) === i,
  );
}

/** Id of a term's entry on the page. */
export const termId = ({ term }: Pick<Term, 'term'>): string =>
  `term-${term.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-')}`;

/** The report's terms in plain words. */
export function glossary(terms: readonly Term[]): Markup {
  return html`<dl class="plain glossary">
    ${terms.map(
      ({ term, meaning }) =>
        html`<dt id="${termId({ term })}">${term}</dt>
          <dd>${meaning}</dd>`,
    )}
  </dl>`;
}
