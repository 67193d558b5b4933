import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeText, html, Markup } from '../src/html.ts';
import { listed, plural, shorten, visible } from '../src/text.ts';
import { decode } from './fixtures/page.ts';

describe('html', () => {
  test('escapes what it is given, but not its own markup', () => {
    const inner = html`<b>${'<i>'}</b>`;
    expect(html`<p title="${'"&\''}">${inner}</p>`.source).toBe(
      '<p title="&quot;&amp;&#39;"><b>&lt;i&gt;</b></p>',
    );
  });

  test('joins lists and leaves nothing for null, undefined and false', () => {
    expect(html`${[1, 'a', null, undefined, false, [new Markup('<br>')]]}`.source).toBe('1a<br>');
  });

  test('keeps zero', () => {
    expect(html`${0}`.source).toBe('0');
  });

  test('escaped text decodes to the visible text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeText(text);
        expect(escaped).not.toMatch(/[<>"']/);
        expect(decode(escaped)).toBe(visible(text));
        expect(visible(text)).toBe(visible(visible(text)));
      }),
    );
  });
});

describe('text', () => {
  test('leaves letters of all scripts, line ends and emoji alone', () => {
    const text = 'naïve שלום 漢字 ❤️ 😀\n\t';
    expect(visible(text)).toBe(text);
  });

  test('shortens by characters, on one line', () => {
    expect(shorten('😀😀😀😀', 3)).toBe('😀😀…');
    expect(shorten('a\nb', 9)).toBe('a b');
  });

  test('counts and lists in words', () => {
    expect(plural(1, 'word')).toBe('1 word');
    expect(plural(1200, 'word')).toBe('1,200 words');
    expect(listed([])).toBe('');
    expect(listed(['a'])).toBe('a');
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
  });
});
