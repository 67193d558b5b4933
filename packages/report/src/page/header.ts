import type { z } from 'zod';
import type { Card, Chapter, ChapterReport } from '../chapter.ts';
import { fixed } from '../format.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import type { Summary } from '../run-facts.ts';
import { plural } from '../text.ts';

/** Title, models, the findings, and the figures that sum up the audit, each with its control. */
export function pageHeader(
  chapters: readonly Chapter[],
  report: ChapterReport<z.ZodRawShape> & Summary,
): Markup {
  const { models, feedback, summary, texts } = report;
  const [lead, ...rest] = summary;
  return html`<header>
    <div class="over">
      <h1>Feedprint audit: <bdi>${report.name}</bdi></h1>
      <span class="soft"
        ><bdi>${models.tuned}</bdi> compared with <bdi>${models.base}</bdi> · feedback:
        <bdi>${feedback.name}</bdi> (${fixed(feedback.range[0], 1)} to
        ${fixed(feedback.range[1], 1)}) · ${plural(texts.count, 'text')},
        ${plural(texts.tokens, 'token')} ·
        <time datetime="${report.createdAt}">${report.createdAt.slice(0, 10)}</time></span
      >
    </div>
    <p class="lead">${lead ?? 'The audit reports no findings.'}</p>
    ${
      rest.length > 0 &&
      html`<ul class="findings">
        ${rest.map((sentence) => html`<li>${sentence}</li>`)}
      </ul>`
    }
    <dl class="figures">
      ${chapters.flatMap((chapter) => chapter.cards?.(report) ?? []).map(drawCard)}
    </dl>
  </header>`;
}

function drawCard({ title, big, flag, meaning, control }: Card): Markup {
  return html`<div>
    <dt>${title}</dt>
    <dd class="big${flag ? ' flag' : ''}">${big}</dd>
    <dd>${meaning}</dd>
    <dd>${control}</dd>
  </div>`;
}
