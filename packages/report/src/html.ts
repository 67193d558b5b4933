import { visible } from './text.ts';

/** Text that is already HTML; everything else that enters a template is escaped. */
export class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** What a template accepts; `null`, `undefined` and `false` leave nothing. */
export type Child = Markup | string | number | false | null | undefined | readonly Child[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Hostile text, safe as an element's content and inside a quoted attribute. Invisible characters are spelled out. */
export function escapeText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

function render(child: Child): string {
  if (child instanceof Markup) return child.source;
  if (child === null || child === undefined || child === false) return '';
  if (typeof child === 'object') return child.map(render).join('');
  return escapeText(String(child));
}

/** A template whose holes are escaped, unless they are markup themselves. Attributes must be quoted. */
export function html(strings: TemplateStringsArray, ...children: readonly Child[]): Markup {
  let source = strings[0] ?? '';
  children.forEach((child, i) => {
    source += render(child) + (strings[i + 1] ?? '');
  });
  return new Markup(source);
}
