import { html } from './html.ts';
import type { Child, Markup } from './html.ts';

export interface SectionOptions {
  readonly id: string;
  /** The question that the section answers. */
  readonly title: string;
}

/** One part of the page under its question. */
export function section({ id, title }: SectionOptions, ...children: Child[]): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${children}
  </section>`;
}

/** Shown where there is nothing to show. */
export function empty(text: string): Markup {
  return html`<p class="empty">${text}</p>`;
}
