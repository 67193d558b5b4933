import { createHash } from 'node:crypto';
import type { AuditReport } from '@feedprint/core';
import { html, Markup } from './html.ts';
import { script } from './script.ts';
import { agreementSection } from './sections/agreement.ts';
import { changesSection } from './sections/changes.ts';
import { dictionariesSection } from './sections/dictionaries.ts';
import { divergenceSection } from './sections/divergence.ts';
import { featuresSection } from './sections/features.ts';
import { headerSection } from './sections/header.ts';
import { methodSection } from './sections/method.ts';
import { preferencesSection } from './sections/preferences.ts';
import { repliesSection } from './sections/replies.ts';
import { shiftSection } from './sections/shift.ts';
import { textsSection } from './sections/texts.ts';
import { validationSection } from './sections/validation.ts';
import { wordsSection } from './sections/words.ts';
import { styles } from './theme.ts';

interface Part {
  readonly id: string;
  readonly name: string;
  /** `null` where the report has nothing for it. */
  readonly render: (report: AuditReport) => Markup | null;
}

const parts: readonly Part[] = [
  { id: 'agreement', name: 'Agreement', render: agreementSection },
  { id: 'words', name: 'Words', render: wordsSection },
  { id: 'preferences', name: 'Preferences', render: preferencesSection },
  { id: 'replies', name: 'Whole texts', render: repliesSection },
  { id: 'layers', name: 'Layers', render: divergenceSection },
  { id: 'changes', name: 'Changes', render: changesSection },
  { id: 'dictionaries', name: 'Dictionaries', render: dictionariesSection },
  { id: 'texts', name: 'Texts', render: textsSection },
  { id: 'shift', name: 'Shift', render: shiftSection },
  { id: 'features', name: 'Features', render: featuresSection },
  { id: 'validation', name: 'Validation', render: validationSection },
  { id: 'method', name: 'Method and limits', render: methodSection },
];

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

/**
 * The audit as one HTML page that needs no other file and no network. Every text of the report is escaped. Equal reports give equal bytes.
 * The report must fit `auditReportSchema`; see `parseReport` for one that comes from outside.
 */
export function renderReport(report: AuditReport): string {
  // What an audit had nothing for has no section.
  const shown = parts.flatMap(({ id, name, render }) => {
    const content = render(report);
    return content ? [{ id, name, content }] : [];
  });
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
        <a class="skip" href="#agreement">Skip to the findings</a>
        ${headerSection(report)}
        <nav class="contents" aria-label="Contents">
          <ul>
            ${shown.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}
          </ul>
        </nav>
        <main>${shown.map(({ content }) => content)}</main>
        <footer>
          Written by Feedprint ${report.feedprint}. The numbers behind every picture are in
          report.json, in the format ${report.schema}.
        </footer>
        ${new Markup(`<script>${script}</script>`)}
      </body>
    </html> `;
  return `${page.source.trim()}\n`;
}
