import type { HeadPicture } from '../../chapter.ts';
import { dots } from '../../charts/dots.ts';
import type { DotRow } from '../../charts/dots.ts';
import { responsive } from '../../charts/frame.ts';
import { scatter } from '../../charts/scatter.ts';
import { bracketed, fixed } from '../../format.ts';
import { html } from '../../html.ts';
import type { Markup } from '../../html.ts';
import { statedFeedback } from '../../stated-feedback.ts';
import { plural } from '../../text.ts';
import { expectedLine } from './expected-line.ts';
import type { Report } from './schema.ts';
import { wordTitle } from './word-title.ts';

/** Every word: what it was told, and what was learned. */
export function picture(report: Report): HeadPicture | null {
  const { words } = report;
  if (words.length === 0) return null;
  const flagged = words.filter((word) => word.flagged).length;
  const { line, neutral } = expectedLine(words);
  const draw = (width: number) =>
    scatter({
      points: words.map((word) => ({
        x: word.stated,
        y: word.estimate,
        low: word.interval?.low ?? word.estimate,
        high: word.interval?.high ?? word.estimate,
        flagged: word.flagged,
        name: word.word,
        title: wordTitle(word),
      })),
      line,
      ...(neutral !== undefined && { neutral: { at: neutral, name: 'neutral' } }),
      xTitle: `Told: stated ${statedFeedback(report)}`,
      yTitle: 'Learned: how much more often the tuned model says it (log-ratio, nats)',
      width,
      height: Math.min(390, width * 0.9),
      names: width > 500 ? 16 : 10,
      label: `Scatter plot of learned against stated feedback for ${plural(words.length, 'word')}; ${flagged} flagged as contradicting. The table of all words below gives the numbers.`,
    });
  return {
    importance: 100,
    figure: html`<figure>
      ${responsive(draw, { wide: 660 })} ${besidePlacebos(report)}
      <figcaption>
        Each dot is a word (${plural(words.length, 'word')}), with its 95 % interval. Dashed: what
        the stated feedback predicts. Neutral: what it predicts for a word that was told nothing.
        ${
          flagged > 0
            ? 'Coloured and named: learned the other way round.'
            : 'No word was found to be learned the other way round.'
        }
        ${report.verdict.placebos.models.length > 0 && 'Below: rings are models that never saw the feedback.'}
      </figcaption>
    </figure>`,
  };
}

/** What the verdict rests on, beside the same for models that never saw the feedback. */
function besidePlacebos({ verdict: { words: own, placebos } }: Report): Markup | null {
  if (own.effect === null || placebos.models.length === 0) return null;
  const row = (
    label: string,
    { effect, interval }: Pick<Report['verdict']['words'], 'effect' | 'interval'>,
    tone: DotRow['tone'],
  ): DotRow => ({
    label,
    value: effect,
    interval,
    tone,
    note: `${fixed(effect)} ${bracketed(interval)}`,
    title: `${label}\n${fixed(effect)} ${bracketed(interval)}`,
  });
  const rows = [
    row('this model', own, 'main'),
    ...placebos.models.map((model) => row(model.name, model, 'control')),
  ];
  return responsive(
    (width) =>
      dots({
        rows,
        xTitle: 'Rank correlation of learned with told, beyond frequency',
        reference: 0,
        width,
        label:
          'The correlation that the verdict rests on, for this model and for models that never saw the feedback.',
      }),
    { wide: 660 },
  );
}
