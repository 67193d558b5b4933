import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Chapter, ChapterReport } from '../chapter.ts';
import { html, Markup } from '../html.ts';
import type { Summary } from '../run-facts.ts';
import { glossaryTerms } from './glossary.ts';
import { pageHeader } from './header.ts';
import { linkTerms } from './link-terms.ts';
import { methodId, methodSection } from './method.ts';
import { script } from './script.ts';
import { styles } from './theme.ts';

const sha256 = (text: string): string =>
  `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/** Allows the page its own style and script, by their hashes, and nothing else. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src ${sha256(styles)}`,
  `script-src ${sha256(script)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The page of a report: its head, the chapters' sections in their order, and how it was made. */
export function renderPage(
  chapters: readonly Chapter[],
  report: ChapterReport<z.ZodRawShape> & Summary,
): string {
  // Where an audit had nothing to report, there is no section.
  const found = chapters
    .flatMap(({ sections }) => sections)
    .flatMap(({ id, name, render }) => {
      const content = render(report);
      return content ? [{ id, name, content }] : [];
    });
  const method = { id: methodId, name: 'Method and limits' };
  const shown = [...found, method];
  const sections = linkTerms(html`${found.map(({ content }) => content)}`, glossaryTerms(chapters));
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Markup(contentSecurityPolicy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="generator" content="Feedprint ${report.feedprint}" />
        <title>${report.name}: what did it learn from its feedback?</title>
        ${new Markup(`<style>${styles}</style>`)}
      </head>
      <body>
        <a class="skip" href="#${shown[0]?.id}">Skip to the findings</a>
        ${pageHeader(chapters, report)}
        <nav class="contents" aria-label="Contents">
          <ul>
            ${shown.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}
          </ul>
        </nav>
        <main>${sections}${methodSection(chapters, report)}</main>
        <footer>
          Written by Feedprint ${report.feedprint}. The numbers behind every chart are in
          report.json (format ${report.schema}).
        </footer>
        ${new Markup(`<script>${script}</script>`)}
      </body>
    </html> `;
  return `${page.source.trim()}\n`;
}
