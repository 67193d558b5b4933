import { dots } from '../../charts/dots.ts';
import { responsive } from '../../charts/frame.ts';
import { bracketed, fixed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { plainPercent } from '../../plain.ts';
import { plural } from '../../text.ts';
import type { PreferencesReport } from './schema.ts';

type Told = NonNullable<PreferencesReport['told']>;

/** What the signal on replies says, beside the labels and beside what was learned; nothing without one. */
export function toldPicture({ told, pairs }: PreferencesReport): Markup | null {
  if (!told) return null;
  const rows = [
    ...told.labels.map((each) => ({ ...each, beside: 'the labels' })),
    ...told.learned.map((each) => ({ ...each, beside: 'what was learned' })),
  ];
  return html`<h3>Does what was told agree with the labels, and with what was learned?</h3>
    <p>
      <bdi>${told.signal}</bdi> scores both replies of ${plural(told.scored, 'pair')} of
      ${plural(pairs, 'pair')}. A pair agrees with what was learned if tuning moved the reply with
      the higher score ahead of the other.
    </p>
    ${responsive(
      (width) =>
        dots({
          rows: rows.map(({ beside, split, value, interval, n }) => ({
            label: rows.length > 2 ? `${beside} (${split})` : beside,
            value,
            interval,
            tone: beside === 'the labels' ? ('control' as const) : ('main' as const),
            note: value === null ? 'not defined' : `${fixed(value)} ${bracketed(interval)}`,
            title: `${told.signal} and ${beside}\n${plural(n, 'pair')}`,
          })),
          xTitle: 'Share of pairs that agree',
          reference: 0.5,
          width,
          label: 'Agreement of the signal on replies with labels and margins.',
        }),
      { wide: 800 },
    )}`;
}

/** The same in a sentence; empty where there is nothing to say. */
export function toldSentence({ signal, labels, learned, scored }: Told): string {
  const [a, b] = [labels[0]?.value ?? null, learned[0]?.value ?? null];
  if (a === null || b === null) return '';
  return `What ${signal} says of replies agrees with the labels in ${plainPercent(a)} and with what was learned in ${plainPercent(b)} of ${plural(scored, 'pair')}`;
}
