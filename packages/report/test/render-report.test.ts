import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import type { AuditReport } from './fixtures/whole-report.ts';
import { parseReport, renderReport } from './fixtures/whole-report.ts';
import { createReport } from './fixtures/create-report.ts';
import { flatReport, minimalReport } from './fixtures/minimal-report.ts';
import { parsePage } from './fixtures/page.ts';

const full = createReport({ seed: 1 });
const rendered = renderReport(full);
const page = parsePage(rendered);

// REPORT_PREVIEW=/tmp/report.html writes the page, to be looked at.
if (process.env['REPORT_PREVIEW']) writeFileSync(process.env['REPORT_PREVIEW'], rendered);

/** Those of every report, and those that stand where a report has something for them. */
const sectionsOf = ({
  contexts,
  preferences,
  replies,
  location,
  changes,
  pairProbes,
  shift,
}: AuditReport): string[] => [
  'words',
  ...(contexts ? ['contexts'] : []),
  ...(preferences ? ['preferences'] : []),
  ...(replies ? ['replies'] : []),
  'estimators',
  'layers',
  ...(location ? ['location'] : []),
  ...(changes ? ['changes'] : []),
  'dictionaries',
  ...(pairProbes ? ['probes'] : []),
  'texts',
  ...(shift ? ['shift'] : []),
  'features',
  'validation',
  'method',
];

describe.each([
  ['a full report', () => full],
  ['a report with nothing in it', minimalReport],
  ['a report whose numbers are all equal or missing', flatReport],
])('%s', (_name, create) => {
  const report = create();
  const source = renderReport(report);
  const { tags, text } = parsePage(source);

  test('fits the schema', () => {
    expect(parseReport(report)).toEqual(report);
  });

  test('shows every section under its heading', () => {
    const found = tags.filter((tag) => tag.name === 'section' && !tag.closing);
    expect(found.map((tag) => tag.attributes.get('id'))).toEqual(sectionsOf(report));
    expect(tags.filter((tag) => tag.name === 'h2' && !tag.closing)).toHaveLength(
      sectionsOf(report).length,
    );
  });

  test('shows no broken numbers', () => {
    const values = tags.flatMap((tag) => [...tag.attributes.values()]);
    const broken = /\bNaN\b|\bundefined\b|Infinity|\[object/;
    expect([text, ...values].filter((shown) => broken.test(shown))).toEqual([]);
  });

  test('describes every picture in words', () => {
    for (const tag of tags.filter(({ name, closing }) => name === 'svg' && !closing)) {
      const described = tag.attributes.get('role') === 'img' && tag.attributes.get('aria-label');
      expect(described || tag.attributes.get('aria-hidden')).toBeTruthy();
    }
  });

  test('is the same again', () => {
    expect(renderReport(create())).toBe(source);
  });
});

describe('the page', () => {
  test('asks for nothing from outside', () => {
    const names = new Set(page.tags.map((tag) => tag.name));
    for (const name of [
      'img',
      'link',
      'iframe',
      'object',
      'embed',
      'image',
      'use',
      'base',
      'form',
    ]) {
      expect(names.has(name)).toBe(false);
    }
    const outward = page.tags.filter(
      ({ attributes }) => attributes.has('src') || !(attributes.get('href') ?? '#').startsWith('#'),
    );
    expect(outward).toEqual([]);
    expect(rendered).not.toMatch(/https?:|url\(|@import|\/\/[a-z]/i);
  });

  test('allows its own style and script by hash and nothing else', () => {
    const policy = page.tags
      .map((tag) => tag.attributes)
      .find((attributes) => attributes.get('http-equiv') === 'Content-Security-Policy')
      ?.get('content');
    const hash = (text: string): string => createHash('sha256').update(text).digest('base64');
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash(page.style)}'; script-src 'sha256-${hash(page.script)}'; base-uri 'none'; form-action 'none'`,
    );
    expect(page.style.length).toBeGreaterThan(1000);
    expect(rendered.match(/<script/g)).toHaveLength(1);
    expect(page.tags.some((tag) => tag.attributes.has('style'))).toBe(false);
  });

  test('carries a script that parses', () => {
    expect(() => new Script(page.script)).not.toThrow();
  });

  test('links only to places that exist, once each', () => {
    const ids = page.tags.flatMap((tag) => tag.attributes.get('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const links = page.tags.flatMap((tag) => tag.attributes.get('href') ?? []);
    expect(links.length).toBeGreaterThan(8);
    for (const link of links) expect(ids).toContain(link.slice(1));
  });

  test('renders 500 words in little time and space', () => {
    const many = createReport({ seed: 2, words: 500 });
    const start = process.cpuUsage();
    const size = renderReport(many).length;
    const { user } = process.cpuUsage(start);
    expect(user / 1e6).toBeLessThan(5);
    expect(size).toBeLessThan(2_000_000);
  });
});

describe('the changes without labels', () => {
  test('are pictures first, then words in context, features and every method', () => {
    const source = renderReport(full);
    const part = source.slice(source.indexOf('<section id="changes"'));
    const own = part.slice(0, part.indexOf('</section>'));
    expect(own.indexOf('<svg')).toBeLessThan(own.indexOf('heat-text'));
    expect(own.indexOf('heat-text')).toBeLessThan(own.indexOf('Features of crosscoder'));
    for (const { method } of full.changes?.methods ?? []) expect(own).toContain(`>${method}<`);
    // Owners are a matter of crosscoders.
    expect(own.match(/latent scaling/gi)).toHaveLength(1);
  });

  test('mark tokens that it came to say against their feedback', () => {
    const source = renderReport(full);
    const part = source.slice(source.indexOf('<section id="shift"'));
    const against = full.shift?.shiftedTokens.filter(({ stated }) => (stated ?? 0) < 0) ?? [];
    expect(against.length).toBeGreaterThan(0);
    expect(part.slice(0, part.indexOf('</section>')).match(/<tr class="flag">/g)).toHaveLength(
      against.length,
    );
  });
});
