import type { z } from 'zod';
import type { Chapter, ChapterReport } from '../chapter.ts';
import { count, duration, fixed } from '../format.ts';
import { html } from '../html.ts';
import type { Child, Markup } from '../html.ts';
import { plural } from '../text.ts';
import { glossary, glossaryTerms } from './glossary.ts';
import { limits } from './limits.ts';
import type { RunFacts } from '../run-facts.ts';
import { section } from '../section.ts';
import { settingRows } from './setting-rows.ts';

export const methodId = 'method';

/** Limits first, then what the audit ran on, its settings and its terms. */
export function methodSection(
  chapters: readonly Chapter[],
  report: ChapterReport<z.ZodRawShape>,
): Markup {
  const settings = settingRows(report.settings);
  const seeds = settings.filter(([name]) => /seed/i.test(name));
  return section(
    { id: methodId, title: 'How was this report made, and what can it not tell you?' },
    html`<h3>Limits</h3>
      <ul class="limits">
        ${limits(chapters, report).map((limit) => html`<li>${limit}</li>`)}
      </ul>
      <h3>What it ran on</h3>
      ${facts(report, seeds)}
      <details>
        <summary>All settings (${settings.length})</summary>
        <dl class="plain">
          ${settings.map(
            ([name, value]) =>
              html`<dt class="mono">${name}</dt>
                <dd class="mono">${value}</dd>`,
          )}
        </dl>
      </details>
      <h3>Glossary</h3>
      ${glossary(glossaryTerms(chapters))}`,
  );
}

type Row = readonly [string, Child];

function facts(report: RunFacts, seeds: readonly Row[]): Markup {
  const { models, texts, feedback } = report;
  const rows: readonly Row[] = [
    ['base model', html`<bdi>${models.base}</bdi> <code>${models.baseFingerprint}</code>`],
    ['tuned model', html`<bdi>${models.tuned}</bdi> <code>${models.tunedFingerprint}</code>`],
    [
      'architecture',
      `${models.architecture}, ${plural(models.layers, 'layer')} of width ${count(models.width)}, ${count(models.parameters)} parameters`,
    ],
    ...(feedback
      ? [
          [
            'stated feedback',
            `${feedback.name}, from ${fixed(feedback.range[0], 1)} to ${fixed(feedback.range[1], 1)}`,
          ] as const,
        ]
      : []),
    ...(report.rewarded === undefined
      ? []
      : [['rewarded', html`<bdi>${report.rewarded}</bdi>`] as const]),
    [
      'texts',
      `${texts.file}: ${plural(texts.count, 'text')}, ${plural(texts.tokens, 'token')}${feedback ? `, of which the feedback scores ${count(texts.scoredTokens)}` : ''}`,
    ],
    ...seeds,
    ...(report.command === undefined
      ? []
      : [['command', html`<code>${report.command}</code>`] as const]),
    ['version', `Feedprint ${report.feedprint}, report format ${report.schema}`],
    ['created', `${report.createdAt}, in ${duration(report.seconds)}`],
  ];
  return html`<dl class="plain">
    ${rows.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}
