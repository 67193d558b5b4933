import { bracketed, count, fixed, percent, probability, signed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { section } from '../../section.ts';
import { plural, shorten } from '../../text.ts';
import { columnsPicture, inShort } from './picture.ts';
import { groupsOf } from './property-groups.ts';
import { isNumbered, nameInWords, resemblanceWithR } from './property-words.ts';
import type { PropertyReport, Report } from './schema.ts';

/** Pairs shown for a property; the others are in the table. */
const PAIRS = 3;

/** "4 of 50 properties and 0 of 32 difference features". */
function learnedOf(properties: Report['properties']): string {
  const [features, counted] = [true, false].map((is) =>
    properties.filter((one) => isNumbered(one) === is),
  ) as [typeof properties, typeof properties];
  const of = (some: typeof properties, ...unit: [string, string]): string =>
    `${count(groupsOf(some).length)} of ${plural(some.length, ...unit)}`;
  return [
    of(counted, 'property', 'properties'),
    ...(features.length > 0 ? [of(features, 'difference feature', 'difference features')] : []),
  ].join(' and ');
}

/** What was told, what is in the data and what was learned of every property, and the pairs that taught it. */
export function propertiesSection(report: Report): Markup {
  const { properties, replyVerdict } = report;
  const flagged = properties.filter((one) => one.flagged);
  return section(
    {
      id: 'properties',
      title: 'What was asked for, what do the labels reward, what was learned?',
      brief: `${learnedOf(properties)} learned without being asked for`,
    },
    html`<figure>${columnsPicture(report)}</figure>`,
    table(report),
    foretold(report),
    method(report),
    foundInPairs(report),
    flagged.map((one) => teaching(report, one)),
    replyVerdict.placebos.length > 0 &&
      html`<p class="small">
        Placebos:
        ${replyVerdict.placebos.map(({ name, description }) => `${name}: ${description} `)}
      </p>`,
  );
}

function foretold({ replyVerdict: { prediction } }: Report): Markup | null {
  if (!prediction) return null;
  const { r2, differencesR2, labelsR2, n } = prediction;
  return html`<p>
    The prediction made before tuning explains ${percent(r2, 0)} of what was learned, over
    ${plural(n, 'property', 'properties')}; the differences between preferred and other replies
    explain ${percent(differencesR2, 0)}, what the labels reward ${percent(labelsR2, 0)}.
  </p>`;
}

const ofLabels = ({ pairs, ties, ratings }: Report['replyVerdict']): string =>
  ratings === undefined
    ? `on the labels of ${plural(pairs, 'pair')}${ties === undefined ? '' : ` and ${plural(ties, 'tie')}, half of which counts for either reply`}`
    : `on the log-odds of a better rating, over ${plural(ratings, 'rated reply', 'rated replies')} to any prompt`;

function method({ replyVerdict: found }: Report): Markup {
  return html`<p class="small">
    Effects are per standard deviation of the property over the base’s replies, with 90 % intervals.
    ${
      found.reward !== null &&
      `Rewarded: on ${found.reward}, in its standard deviations between replies to one prompt, given the properties that it depends on; what you asked for in words stands beside it.`
    }
    In the data: ${ofLabels(found)}, in logits, given the properties that they depend on. Learned:
    on the log-ratio of ${plural(found.replies, 'fresh reply', 'fresh replies')} of either model to
    the same prompts, in nats, given the properties that are told, in the data or learned besides.
    Share: of the ${fixed(found.difference.effect, 1)}
    ${bracketed({ low: found.difference.low, high: found.difference.high }, 1)} nats that tell the
    models’ replies apart. Goes with: a property that it varies with, to which what they share is
    counted; where both are named, either may be what was learned, and each has the effects that it
    has in the other’s place.
  </p>`;
}

/** How properties came about that nobody had thought of. */
function foundInPairs({ properties }: Report): Markup | null {
  const numbered = properties.filter(isNumbered).length;
  const described = properties.filter((one) => one.resembles && !isNumbered(one)).length;
  const drawn = properties.find((one) => one.resembles?.drawn)?.resembles?.drawn ?? null;
  if (numbered + described === 0) return null;
  return html`<p class="small">
    ${
      numbered > 0 &&
      `Difference features: ${plural(numbered, 'direction')} in which replies to one prompt differ to the base, learned without labels from half of the prompts (a signed sparse autoencoder of mean activations). ${drawn === null ? '' : `Of 99 directions drawn at random among these, the strongest carries ${percent(drawn)} of what tells the models’ replies apart: a feature must carry more. `}`
    }
    ${
      described > 0 &&
      `${plural(described, 'property', 'properties')} in words: a chat model’s, from half of the prompts, on which it and another one agree in replies to others. `
    }
    What the labels say of them rests on the other half of the pairs, and all effects are given the
    counted properties that explain labels or R: they count for what nothing counted explains. Their
    differences in that half are correlated with those of the counted ones; q is adjusted among
    them.
  </p>`;
}

function table({ properties, replyVerdict: { reward } }: Report): Markup {
  // What has no name, and was not learned, is for the end.
  const isLast = (one: PropertyReport): boolean => isNumbered(one) && !one.flagged;
  const [named, others] = [properties.filter((one) => !isLast(one)), properties.filter(isLast)];
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Properties of replies">
    <table>
      <thead>
        <tr>
          <th class="l" scope="col">Property</th>
          <th class="l" scope="col">Verdict</th>
          <th scope="col">Asked for</th>
          ${reward !== null && html`<th scope="col">Rewarded</th>`}
          <th scope="col">In the data</th>
          <th scope="col">Learned</th>
          <th scope="col">In its replies</th>
          <th scope="col">When edited</th>
          <th scope="col">Share</th>
          <th scope="col">q</th>
          <th scope="col" title="Effects given no other property">Alone</th>
          <th class="l" scope="col">Goes with</th>
        </tr>
      </thead>
      <tbody>
        ${[...named, ...others].map(
          (one) =>
            html`<tr class="${one.flagged ? 'flag' : ''}">
              <th class="l" scope="row" title="${one.definition}">${one.name}</th>
              <td class="l">
                ${one.learned === null ? 'too rare' : inShort(one.verdict)}${
                  !one.settled && one.learned !== null && ' (open)'
                }
              </td>
              <td>${askedIn(one)}</td>
              ${[
                ...(reward === null ? [] : [rewardedIn(one)]),
                one.inData,
                one.learned,
                one.behaves,
                one.causes,
              ].map(
                (column) =>
                  html`<td>${column ? `${signed(column.effect)} ${bracketed(column)}` : '–'}</td>`,
              )}
              <td>${one.share ? percent(one.share.value) : '–'}</td>
              <td>${probability(one.learned?.q)}</td>
              <td>${fixed(one.alone.inData)} / ${fixed(one.alone.learned)}</td>
              <td class="l">${resemblanceWithR(one) ?? one.partner ?? ''}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** What was declared. */
const askedIn = ({ declared }: PropertyReport): string =>
  declared === null ? '' : declared > 0 ? '+' : declared < 0 ? '−' : '0';

/** The measured effect on the reward. */
const rewardedIn = ({ told }: PropertyReport): PropertyReport['told'] =>
  told !== null && told.n > 0 ? told : null;

/** The pairs that one reads to believe it. */
function teaching({ replyVerdict }: Report, one: PropertyReport): Markup | null {
  const pairs = replyVerdict.teaching.filter(({ property }) => property === one.name);
  if (pairs.length === 0) return null;
  return html`<h3>Pairs that taught it: ${nameInWords(one)}</h3>
    ${pairs.slice(0, PAIRS).map(
      (pair) =>
        html`<blockquote>
          <p class="small">
            <bdi>…${shorten(pair.prompt, 160)}</bdi> · without this pair the labels would reward it
            by ${fixed(Math.abs(pair.influence), 4)} logits less
          </p>
          <p>
            <b>Preferred</b> (R ${signed(pair.chosenR)}): <bdi>${shorten(pair.chosen, 280)}</bdi>
          </p>
          <p>
            <b>Other</b> (R ${signed(pair.rejectedR)}): <bdi>${shorten(pair.rejected, 280)}</bdi>
          </p>
        </blockquote>`,
    )}`;
}
