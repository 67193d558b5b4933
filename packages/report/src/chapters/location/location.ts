import { dots } from '../../charts/dots.ts';
import { responsive } from '../../charts/frame.ts';
import { bracketed, fixed, percent, signed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { plural } from '../../text.ts';
import { empty, section } from '../../section.ts';
import { headShare, headline, strongestBlock, throughSites } from './headline.ts';
import { placeTable } from './place-table.ts';
import type { LocationReport, PlaceReport } from './schema.ts';
import { isLearned } from './sentences.ts';
import type { BesideVerdict } from './sentences.ts';
import { unembeddingRows } from './unembedding-rows.ts';

/** In which parameters the shift along the feedback sits. */
export function locationSection(report: BesideVerdict): Markup {
  const { location } = report;
  return section(
    { id: 'location', title: 'Where in the model is it?', brief: brief(location) },
    location.state === 'no-exchange'
      ? empty('Parameters of models like these cannot be exchanged, so where it sits is not known.')
      : location.state === 'no-shift'
        ? empty(nothingToLocate(location))
        : found(location, isLearned(report)),
  );
}

const brief = (location: LocationReport): string => {
  const share = headShare(location);
  return share === null ? 'not known' : `${share === 'None' ? 'none' : share} in the unembedding`;
};

function nothingToLocate({ shift, texts }: LocationReport): string {
  const { value = null, interval = null } = shift?.slope ?? {};
  return `There is no shift along the feedback to be located: over ${plural(texts, 'text')}, the words’ log-ratios rise by ${fixed(value, 3)} nats per unit of stated feedback ${bracketed(interval, 3)}.`;
}

function found(location: LocationReport, learned: boolean): Markup {
  const { shift, texts, contexts } = location;
  return html`<p>
      <strong>${headline(location)}</strong> ${strongestBlock(location)} ${throughSites(location)}
    </p>
    ${
      !learned &&
      html`<p>
        The feedback was not found to be learned: this is about what little tuning happened to move
        along it.
      </p>`
    }
    <p>
      Parameters were exchanged between the two models, part by part, on
      ${plural(contexts, 'position')} of ${plural(texts, 'text')}. The shift is how strongly the
      log-ratios of words follow what is stated of them: ${signed(shift?.slope.value, 3)} nats per
      unit of stated feedback ${bracketed(shift?.slope.interval ?? null, 3)}.
    </p>
    <figure>
      <h3>Share of the shift, part by part</h3>
      ${picture(location.places)}
      <p class="small">
        Dots: how much is undone when the tuned model gets the base’s parameters, with 95 %
        intervals over texts. Rings: how much is obtained when the base gets the tuned model’s.
        ${adding(location)}
      </p>
    </figure>
    ${placeTable(location)} ${unembeddingRows(location)}`;
}

const named = ({ place, tied }: PlaceReport): string =>
  tied ? `${place} (tied, exchanged alone)` : place;

function picture(places: readonly PlaceReport[]): Markup {
  return responsive(
    (width) =>
      dots({
        rows: places.map((place, i) => {
          const { value, interval } = place.restored.slope;
          const alone = place.transplanted.slope.value;
          return {
            label: named(place),
            value: value === null ? null : 100 * value,
            interval: interval && { low: 100 * interval.low, high: 100 * interval.high },
            others: alone === null ? [] : [100 * alone],
            tone: 'main' as const,
            note: percent(value, 0),
            title: `${named(place)}\nundone without it ${percent(value)}\nobtained with it alone ${percent(alone)}`,
            group:
              place.kind === 'block' ||
              (place.layer === null && places[i - 1]?.layer !== null) ||
              (place.kind !== places[i - 1]?.kind && place.kind === 'sum'),
          };
        }),
        xTitle: 'share of the shift along the feedback (%)',
        cover: [0],
        reference: 0,
        width,
        label: 'Share of the shift undone and obtained by exchanging each part of the model.',
      }),
    { wide: 720 },
  );
}

/** What the parts that cover the model once add up to. */
function adding({ places }: LocationReport): string {
  const once = places.filter(
    ({ kind, layer }) => (kind === 'part' && layer === null) || kind === 'block',
  );
  const sum = (way: 'restored' | 'transplanted'): number =>
    once.reduce((total, place) => total + (place[way].slope.value ?? 0), 0);
  return `Parts work together, so that shares need not add up: those of all blocks and of what is outside them come to ${percent(sum('restored'), 0)} undone and ${percent(sum('transplanted'), 0)} obtained.`;
}
