import { bracketed, fixed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { quoted } from '../../plain.ts';
import { plural } from '../../text.ts';
import type { Report } from './schema.ts';

/** Other tunings on the same feedback: how far runs lie apart, what each of them raises, and which flags stay. */
export function siblingTable({ verdict: { siblings } }: Report): Markup | null {
  if (siblings === null) return null;
  const { models, spread, stay, withdrawn } = siblings;
  const flags = stay.length + withdrawn.length;
  return html`<h3>
      ${
        flags === 0
          ? `Beside ${plural(models.length, 'other tuning')}`
          : `${stay.length} of ${plural(flags, 'flag')} ${stay.length === 1 ? 'stays' : 'stay'} beside ${plural(models.length, 'other tuning')}`
      }
    </h3>
    <p>
      From one tuning on this feedback to the next, the shift of a word varies by ${fixed(spread)}
      nats (root mean square, beyond how strongly a run learned as a whole). That is in the
      intervals above and in the judgement of every word.
      ${withdrawn.length > 0 && `No longer flagged: ${quoted(withdrawn)}.`} A word that a clean twin
      raises too was not learned from what was planted or mislabelled; one that another seed raises
      was learned twice.
    </p>
    <div class="scroll free" tabindex="0" role="region" aria-label="Verdicts on other tunings">
      <table>
        <thead>
          <tr>
            <th class="l" scope="col">Other tuning</th>
            <th scope="col">Correlation</th>
            <th scope="col">95 % interval</th>
            <th class="l" scope="col">Verdict</th>
            <th class="l" scope="col">Flagged in it</th>
          </tr>
        </thead>
        <tbody>
          ${models.map(
            ({ name, effect, interval, verdict, flagged }) =>
              html`<tr>
                <th scope="row"><bdi>${name}</bdi></th>
                <td>${fixed(effect)}</td>
                <td>${bracketed(interval)}</td>
                <td class="l">${verdict}</td>
                <td class="l wrap">
                  ${flagged.length === 0 ? 'none' : `${flagged.length}: ${quoted(flagged)}`}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
