import type { HeadPicture } from '../../chapter.ts';
import { columns } from '../../charts/columns.ts';
import type { ColumnMark, ColumnRow } from '../../charts/columns.ts';
import { responsive } from '../../charts/frame.ts';
import { bracketed, fixed, signed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { plural } from '../../text.ts';
import { nameInWords, resemblanceWithR } from './property-words.ts';
import type { PropertyReport, Report } from './schema.ts';

/** Rows of the picture; all properties are in the table. */
const ROWS = 14;

/** What was told, what the labels reward and what was learned, for the properties that matter and some others. */
export function picture(report: Report): HeadPicture | null {
  const shown = report.properties.filter((one) => one.learned !== null);
  if (shown.length === 0) return null;
  return { importance: 110, figure: html`<figure>${columnsPicture(report)}</figure>` };
}

export function columnsPicture({ properties, replyVerdict }: Report): Markup {
  const usable = properties.filter((one) => one.learned !== null);
  const rank = (one: PropertyReport): number =>
    one.flagged
      ? 3
      : (one.asked ?? 0) !== 0 || one.declared !== null
        ? 2
        : one.verdict === 'in-data-not-learned'
          ? 1
          : one.resembles
            ? -1
            : 0;
  const rows = usable.toSorted((a, b) => rank(b) - rank(a)).slice(0, ROWS);
  const nats = natsPerLogit(rows);
  const matters = usable.filter((one) => rank(one) > 0).length;
  return html`${responsive(
      (width) =>
        columns({
          rows: rows.map((one) => rowOf(one, nats, rank(one))),
          xTitle: 'Effect of one standard deviation more of it, logits in the labels',
          width,
          label: `For ${plural(rows.length, 'property', 'properties')}, what was told, what the labels reward and what was learned. The table below gives the numbers.`,
        }),
      { wide: 660 },
    )}
    <figcaption>
      Ring: what the labels reward. Dot: what the tuned model prefers in
      ${plural(2 * replyVerdict.replies, 'fresh reply', 'fresh replies')} (${fixed(nats, 1)} nats to
      the logit). Lines: 90 %
      intervals.${rows.some(({ asked }) => asked !== null) && ` Arrow: what ${replyVerdict.reward === null ? 'was asked for' : 'was asked for or rewarded'}.`}
      ${
        replyVerdict.placebos.length > 0 &&
        'Grey band: what models that cannot have learned it reach.'
      }
      ${
        rows.some(({ dealt }) => dealt !== null) &&
        'Brackets: what labels dealt out at random reach at most in 99 tries.'
      }
      Coloured: learned, and not asked
      for.${matters < usable.length && ` Grey: some of the ${usable.length - matters} others.`}
    </figcaption>`;
}

/** Brings what was learned and what the labels say to one width. */
function natsPerLogit(rows: readonly PropertyReport[]): number {
  const reach = (of: (one: PropertyReport) => number | undefined): number =>
    Math.max(0, ...rows.map((one) => Math.abs(of(one) ?? 0)));
  const data = reach(({ inData }) => inData?.effect);
  const learned = reach((one) => one.learned?.effect);
  return data > 0 && learned > 0 ? learned / data : 1;
}

function rowOf(one: PropertyReport, nats: number, rank: number): ColumnRow {
  const { asked, told, inData, learned, placebo, dealt } = one;
  const known = resemblanceWithR(one);
  return {
    label: nameInWords(one),
    ...(asked !== null && { told: asked }),
    ...(inData && { inData: markOf(inData, 1) }),
    ...(learned && { learned: markOf(learned, nats) }),
    ...(placebo !== null && { band: placebo / nats }),
    ...(dealt !== null && { chance: dealt }),
    tone: one.flagged ? 'flag' : rank > 0 ? 'main' : 'rest',
    note: one.flagged || rank > 0 ? inShort(one.verdict) : '',
    title: `${one.name}: ${one.definition}\n${known === null ? '' : `${known}\n`}${
      inData ? `labels ${signed(inData.effect)} ${bracketed(inData)} logits\n` : ''
    }${
      told && told.n > 0
        ? `rewarded ${signed(told.effect)} ${bracketed(told)} standard deviations of the reward\n`
        : ''
    }${learned ? `learned ${signed(learned.effect)} ${bracketed(learned)} nats\n` : ''}${
      one.behaves ? `in its replies ${signed(one.behaves.effect)} standard deviations` : ''
    }`,
  };
}

const markOf = (
  { effect, low, high }: NonNullable<PropertyReport['learned']>,
  unit: number,
): ColumnMark => ({
  value: effect / unit,
  interval: { low: low / unit, high: high / unit },
});

/** The verdict in a few words. */
export const inShort = (verdict: PropertyReport['verdict']): string =>
  ({
    told: 'as told',
    'in-data-and-learned': 'in the data, learned',
    'in-data-not-learned': 'in the data, not learned',
    'learned-not-in-data': 'learned, not in the data',
    'not-learned': 'not learned',
  })[verdict];
