import { createHash } from 'node:crypto';
import { html, Markup } from '../html.ts';
import type { Child } from '../html.ts';
import { styles } from './theme.ts';

export interface PlainPage {
  readonly title: string;
  /** Stands under the title. */
  readonly about: Child;
  readonly main: Child;
}

/** A page of its own, without scripts or anything from elsewhere. */
export function plainPage({ title, about, main }: PlainPage): string {
  const hash = createHash('sha256').update(styles, 'utf8').digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${new Markup(`<style>${styles}</style>`)}
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p>${about}</p>
        </header>
        <main>${main}</main>
      </body>
    </html> `;
  return `${page.source.trim()}\n`;
}
