import { html } from './html.ts';
import type { Child, Markup } from './html.ts';

export interface SectionOptions {
  readonly id: string;
  /** The question that the section answers, or what came of it if a test failed. */
  readonly title: string;
  /** The answer in a line, shown beside the title while the section is folded. */
  readonly brief?: Child;
}

/** One part of the page under its question, folded. */
export function section({ id, title, brief }: SectionOptions, ...children: Child[]): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <details>
      <summary>
        <h2 id="${id}-title">${title}</h2>
        ${brief !== undefined && html`<span class="brief">${brief}</span>`}
      </summary>
      ${children}
    </details>
  </section>`;
}

/** Shown where there is nothing to show. */
export function empty(text: string): Markup {
  return html`<p class="empty">${text}</p>`;
}
