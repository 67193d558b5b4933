import { bracketed, fixed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import type { Report } from './schema.ts';

/** The verdict on the tuned model beside those on models that cannot have learned the feedback. */
export function placeboTable({ verdict: { words: own, placebos } }: Report): Markup {
  const { models, dealt } = placebos;
  const rows = [
    { name: 'the tuned model', description: 'The model that is audited.', ...own },
    ...models,
  ];
  return html`<h3>${heading(placebos)}</h3>
    <p>
      What the verdict rests on, for the tuned model and for models that never saw the feedback: the
      rank correlation of the log-ratios with it, beyond word frequency. A verdict that one of them
      reaches too is withdrawn.
    </p>
    <div class="scroll free" tabindex="0" role="region" aria-label="Verdicts on placebos">
      <table>
        <thead>
          <tr>
            <th class="l" scope="col">Compared with the base</th>
            <th scope="col">Correlation</th>
            <th scope="col">95 % interval</th>
            <th class="l" scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ name, description, effect, interval, verdict }, i) =>
              html`<tr class="${i > 0 ? 'control' : ''}">
                <th scope="row" title="${description}">${name}</th>
                <td>${fixed(effect)}</td>
                <td>${bracketed(interval)}</td>
                <td class="l">
                  ${i === 0 && placebos.withdrawn ? `${placebos.withdrawn}, withdrawn` : verdict}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="small">
      The stated feedback dealt out among the words at random, ${dealt.deals} times: learned
      ${dealt.learned} times, reversed ${dealt.reversed} times.
    </p>`;
}

const heading = ({ models, withdrawn }: Report['verdict']['placebos']): string =>
  withdrawn !== null
    ? 'Models that never saw the feedback show the same'
    : models.length === 0
      ? 'Feedback dealt out at random shows nothing of the kind'
      : 'Models that never saw the feedback show nothing of the kind';
