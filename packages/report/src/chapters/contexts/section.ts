import { bracketed, count, fixed, signed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { quoted } from '../../plain.ts';
import { plural } from '../../text.ts';
import { section } from '../../section.ts';
import type { ContextsReport, Report } from './schema.ts';

/** Most words of the table, those that are judged otherwise first. */
const SHOWN = 60;

/** The same shifts where the models themselves lead. */
export function contextsSection({ contexts }: Report): Markup {
  const { prompts, tokens, verdict, correlation } = contexts;
  const differ = disagreement(contexts);
  return section(
    {
      id: 'contexts',
      title: 'Is it so in what the model writes itself?',
      brief: differ === '' ? 'every word is judged alike' : differ,
    },
    html`<p>
        Texts say what the tuned model would write in contexts that others wrote. Here both models
        continued ${plural(prompts, 'beginning')} of texts (${count(tokens.tuned)} tokens by the
        tuned model, ${count(tokens.base)} by the base), and the shifts are taken after each of
        these
        tokens${
          correlation !== null &&
          html`: in what the tuned model writes, they correlate at ${fixed(correlation)} (ranks)
          with those in the texts`
        }.
        ${verdict !== null && html`The stated feedback is ${verdict.verdict} there too (${fixed(verdict.effect)} ${bracketed(verdict.interval)}).`}
        ${differ !== '' && html`<strong>Not judged alike</strong>: ${differ}.`}
      </p>
      ${table(contexts)}`,
  );
}

/** Where words are judged otherwise; empty where they are not. */
function disagreement({ flagged: { textsOnly, ownOnly } }: ContextsReport): string {
  return [
    textsOnly.length > 0 ? `flagged in the texts alone: ${quoted(textsOnly)}` : '',
    ownOnly.length > 0 ? `flagged in its own contexts alone: ${quoted(ownOnly)}` : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

function table({ words, flagged: { both, textsOnly, ownOnly } }: ContextsReport): Markup {
  const place = ({ word }: { readonly word: string }): number =>
    textsOnly.includes(word) || ownOnly.includes(word) ? 0 : both.includes(word) ? 1 : 2;
  const apart = ({ texts, tuned }: ContextsReport['words'][number]): number =>
    Math.abs((texts ?? 0) - (tuned?.shift ?? 0));
  const shown = [...words]
    .sort((a, b) => place(a) - place(b) || apart(b) - apart(a) || a.token - b.token)
    .slice(0, SHOWN);
  const where = ({ word }: { readonly word: string }): string =>
    both.includes(word)
      ? 'both'
      : textsOnly.includes(word)
        ? 'the texts'
        : ownOnly.includes(word)
          ? 'its own contexts'
          : '–';
  const cell = (shift: ContextsReport['words'][number]['tuned']): Markup =>
    html`<td title="${bracketed(shift?.interval ?? null, 3)}">${signed(shift?.shift, 3)}</td>`;
  return html`<div
      class="scroll"
      tabindex="0"
      role="region"
      aria-label="Shifts of words in own contexts"
    >
      <table>
        <thead>
          <tr>
            <th class="l" scope="col">Word</th>
            <th scope="col">Stated</th>
            <th scope="col">In the texts (nats)</th>
            <th scope="col">In what the tuned model writes</th>
            <th scope="col">In what the base writes</th>
            <th class="l" scope="col">Flagged in</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (word) =>
              html`<tr class="${place(word) < 2 ? 'flag' : ''}">
                <th scope="row"><bdi>${word.word}</bdi></th>
                <td>${signed(word.stated)}</td>
                <td>${signed(word.texts, 3)}</td>
                ${cell(word.tuned)}${cell(word.base)}
                <td class="l">${where(word)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="small">
      ${shown.length < words.length && `The ${shown.length} of ${plural(words.length, 'word')} that differ most; tables/contexts.parquet holds all. `}A
      cell’s tooltip gives its 95 % interval, over prompts.
    </p>`;
}
