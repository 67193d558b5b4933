import { describe, expect, test } from '@jest/globals';
import type { AuditReport } from './fixtures/whole-report.ts';
import { renderReport } from './fixtures/whole-report.ts';
import { createReport } from './fixtures/create-report.ts';
import { parsePage } from './fixtures/page.ts';

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  `' onmouseover='alert(1)`,
  '</style><svg/onload=alert(1)>',
  '</title><script>alert(1)</script>',
  '<!-- &lt;b&gt; &amp; --> ]]>',
  'evil\u202Edrow\u2066\u2069',
  'zero\u200Bwidth\u200D\uFEFF\u00AD',
  'lone\uD800 and \uDC00 surrogates',
  'control\u0000\u0007\u001b[31m',
  'long'.repeat(300),
  '${constructor} {{7*7}} `x`',
];

/** The same report with every free text replaced by the given one. */
function poison(report: AuditReport, text: string): AuditReport {
  const fixed = new Set(['schema', 'createdAt', 'kind', 'model', 'role', 'class']);
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return fixed.has(key) ? value : text;
    if (Array.isArray(value)) return value.map((each) => walk(each, key));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, walk(each, name)]),
      );
    }
    return value;
  };
  const poisoned = walk(report, '') as AuditReport;
  return { ...poisoned, settings: { [text]: { [text]: [text] }, seed: text } };
}

const small = createReport({ seed: 4, words: 30, planted: 3 });
const clean = parsePage(renderReport(small));
const names = new Set(clean.tags.map((tag) => tag.name));
const attributes = new Set(clean.tags.flatMap((tag) => [...tag.attributes.keys()]));

describe.each(hostile)('a report full of %j', (text) => {
  const source = renderReport(poison(small, text));

  test('stays a page of the same elements and attributes', () => {
    const page = parsePage(source);
    const strange = page.tags.flatMap((tag) => [
      ...(names.has(tag.name) ? [] : [tag.name]),
      ...[...tag.attributes.keys()].filter((key) => !attributes.has(key)),
    ]);
    expect(strange).toEqual([]);
    expect(page.script).toBe(clean.script);
    expect(page.style).toBe(clean.style);
  });

  test('holds no character that hides or reorders text', () => {
    expect(source).not.toMatch(
      /(?!\n|\t|\uFE0F)[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/u,
    );
  });
});

test('spells out what it will not print', () => {
  const { text } = parsePage(renderReport(poison(small, 'a\u202Eb\u200Bc\uD800d')));
  expect(text).toContain('a⟨U+202E⟩b⟨U+200B⟩c\uFFFDd');
});

test('shows markup in texts as text', () => {
  const { text } = parsePage(renderReport(poison(small, '<script>alert(1)</script>')));
  expect(text).toContain('<script>alert(1)</script>');
});
