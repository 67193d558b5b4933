import type { z } from 'zod';
import type { Card, Chapter, ChapterReport } from '../chapter.ts';
import { fixed } from '../format.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import type { Answer, Summary } from '../run-facts.ts';
import { listed, plural } from '../text.ts';

/** Title and models; the answer with its picture and what it rests on; folded, all findings and figures. */
export function pageHeader(
  chapters: readonly Chapter[],
  report: ChapterReport<z.ZodRawShape> & Summary,
): Markup {
  const { models, feedback, texts, answer, pending } = report;
  const pictures = chapters.flatMap((chapter) => chapter.picture?.(report) ?? []);
  const [picture] = pictures.toSorted((a, b) => b.importance - a.importance);
  return html`<header>
    <div class="over">
      <h1>Feedprint audit: <bdi>${report.name}</bdi></h1>
      <span class="soft"
        ><bdi>${models.tuned}</bdi> compared with <bdi>${models.base}</bdi>${
          feedback &&
          html` · feedback: <bdi>${feedback.name}</bdi> (${fixed(feedback.range[0], 1)} to
            ${fixed(feedback.range[1], 1)})`
        }
        ${report.rewarded !== undefined && html`· rewarded: <bdi>${report.rewarded}</bdi>`} ·
        ${plural(texts.count, 'text')}, ${plural(texts.tokens, 'token')} ·
        <time datetime="${report.createdAt}">${report.createdAt.slice(0, 10)}</time></span
      >
    </div>
    ${pending && stillToCome(pending)}
    <p class="lead">${answer.sentence}</p>
    <div class="split">
      <div>${picture?.figure}</div>
      ${answerList(answer)}
    </div>
    ${allFindings(chapters, report)}
  </header>`;
}

const stillToCome = (pending: readonly string[]): Markup =>
  html`<p class="empty" role="status">
    These are the first findings. Still to come:
    ${listed(pending.map((name) => name.toLowerCase()))}. While the audit runs, this page is
    replaced when they are there; if it was stopped or asked to be quick, the command below computes
    them.
  </p>`;

function answerList({ restsOn, notVisible, next }: Answer): Markup {
  const lines = (name: string, texts: readonly string[]): Markup | false =>
    texts.length > 0 &&
    html`<dt>${name}</dt>
      <dd>
        <ul>
          ${texts.map((text) => html`<li>${text}</li>`)}
        </ul>
      </dd>`;
  return html`<dl class="answer">
    ${lines('It rests on', restsOn)}${lines('Not visible', notVisible)}
    <dt>Do next</dt>
    <dd>
      <ul>
        ${next.map(({ what, command }) => html`<li>${what} <code>${command}</code></li>`)}
      </ul>
    </dd>
  </dl>`;
}

function allFindings(
  chapters: readonly Chapter[],
  report: ChapterReport<z.ZodRawShape> & Summary,
): Markup | false {
  const cards = chapters.flatMap((chapter) => chapter.cards?.(report) ?? []);
  if (report.summary.length === 0 && cards.length === 0) return false;
  return html`<details>
    <summary>All findings in sentences, with their figures</summary>
    <ul class="findings">
      ${report.summary.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
    <dl class="figures">${cards.map(drawCard)}</dl>
  </details>`;
}

function drawCard({ title, big, flag, meaning, control }: Card): Markup {
  return html`<div>
    <dt>${title}</dt>
    <dd class="big${flag ? ' flag' : ''}">${big}</dd>
    <dd>${meaning}</dd>
    <dd>${control}</dd>
  </div>`;
}
