import { dumbbell } from '../../charts/dumbbell.ts';
import { responsive } from '../../charts/frame.ts';
import { count, probability, signed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { quoted } from '../../plain.ts';
import { plural } from '../../text.ts';
import { empty, section } from '../../section.ts';
import { expectedLine } from './expected-line.ts';
import type { WordReport } from './schema.ts';
import { placeboTable } from './placebos.ts';
import { siblingTable } from './siblings.ts';
import { wordTitle } from './word-title.ts';
import { wordsTable } from './words-table.ts';
import type { LinkedReport } from './words-table.ts';

const mostShown = 30;
const nearest = 10;

/** If the report looks at them, the contexts that the models write. */
type BesideContexts = LinkedReport & {
  readonly contexts?: {
    readonly flagged: {
      readonly textsOnly: readonly string[];
      readonly ownOnly: readonly string[];
    };
  };
};

/** The words whose learned feedback contradicts the stated one, as a picture, then every word in a table. */
export function wordsSection(report: BesideContexts): Markup {
  const { words } = report;
  const flagged = words.filter((word) => word.flagged);
  const shown = flagged.length > 0 ? flagged.slice(0, mostShown) : words.slice(0, nearest);
  const marked = flagged.length > 0;
  const more = flagged.length - shown.length;
  return section(
    { id: 'words', title: 'Which words did it learn the wrong way round?', brief: brief(report) },
    html`<p>
      ${
        flagged.length === 0
          ? 'No word contradicts its stated feedback beyond chance.'
          : `${count(flagged.length)} of the ${plural(words.length, 'word')} scored ${flagged.length === 1 ? 'contradicts what it was' : 'contradict what they were'} told to mean.`
      }
      A word is flagged when having been learned the other way round explains its estimate far
      better than having been learned as told, or not at all. q is the false discovery rate of the
      list down to a word; words up to 5 % are flagged. ${inOwnContexts(report)}
    </p>`,
    shown.length === 0
      ? empty('No words were scored.')
      : html`<figure>
          <h3>
            ${
              flagged.length === 0
                ? `The ${plural(shown.length, 'word')} closest to contradiction (none flagged)`
                : 'Expected and learned feedback of the flagged words'
            }
          </h3>
          ${responsive((width) => picture(shown, width, expectedLine(words).neutral), { wide: 900 })}
          <ul class="key">
            <li>${keyMark('expected', marked)} expected from the stated feedback</li>
            <li>${keyMark('estimate', marked)} learned</li>
            <li>${keyMark('interval', marked)} 95 % interval</li>
            ${more > 0 && html`<li>${plural(more, 'more flagged word')} in the table</li>`}
          </ul>
        </figure>`,
    placeboTable(report),
    siblingTable(report),
    words.length > 0 &&
      html`<h3>Every word scored</h3>
        ${wordsTable(report)}`,
  );
}

/** Where what the model writes itself says otherwise. */
function inOwnContexts({ contexts }: BesideContexts): Markup | null {
  const { textsOnly = [], ownOnly = [] } = contexts?.flagged ?? {};
  if (textsOnly.length + ownOnly.length === 0) return null;
  return html`<a href="#contexts">In what the model writes itself</a>,
    ${textsOnly.length > 0 && `${quoted(textsOnly)} ${textsOnly.length === 1 ? 'is' : 'are'} not flagged`}${textsOnly.length > 0 && ownOnly.length > 0 && ', and '}${ownOnly.length > 0 && `${quoted(ownOnly)} ${ownOnly.length === 1 ? 'is' : 'are'} flagged besides`}.`;
}

const brief = ({ words, verdict }: LinkedReport): string =>
  verdict.words.verdict === 'learned'
    ? `${count(words.filter((word) => word.flagged).length)} of ${plural(words.length, 'word')} scored`
    : 'not looked for: the feedback was not learned, for all that can be told';

function picture(words: readonly WordReport[], width: number, neutral: number | undefined): Markup {
  return dumbbell({
    rows: words.map((word) => ({
      label: word.word,
      expected: word.expected,
      estimate: word.estimate,
      interval: word.interval,
      flagged: word.flagged,
      notes: [signed(word.stated, 1), count(word.n), probability(word.q)],
      title: wordTitle(word),
    })),
    columns: ['stated', 'n', 'q'],
    ...(neutral !== undefined && { neutral: { at: neutral, name: 'neutral' } }),
    xTitle: 'Feedback (log-ratio, nats)',
    width,
    label: `Expected and learned feedback of ${plural(words.length, 'word')}, with 95 % intervals. The table below gives the numbers.`,
  });
}

function keyMark(kind: 'expected' | 'estimate' | 'interval', flagged: boolean): Markup {
  return html`<svg aria-hidden="true" width="16" height="12" viewBox="0 0 16 12">
    <g class="dumbbell${flagged ? ' flag' : ''}">
      ${
        kind === 'interval'
          ? html`<line class="interval" x1="0" x2="16" y1="6" y2="6" />`
          : html`<circle class="${kind}" cx="8" cy="6" r="4.2" />`
      }
    </g>
  </svg>`;
}
