import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { composeReport, defineChapter, html, section } from '../src/index.ts';
import type { Chapter, PartOf, RunFacts } from '../src/index.ts';
import { words } from '../src/chapters/words/index.ts';
import { allChapters } from './fixtures/all-chapters.ts';
import { createReport } from './fixtures/create-report.ts';
import { minimalReport } from './fixtures/minimal-report.ts';
import { parsePage } from './fixtures/page.ts';

const reports = [createReport({ seed: 5, words: 40, planted: 3 }), minimalReport()];

/** The report without what belongs to none of the chapters. */
function reduced(report: object, chapters: readonly Chapter[]): Record<string, unknown> {
  const keysOf = (some: readonly Chapter[]): string[] =>
    some.flatMap(({ shape }) => Object.keys(shape));
  const kept = new Set(keysOf(chapters));
  const gone = new Set(keysOf(allChapters).filter((key) => !kept.has(key)));
  return Object.fromEntries(Object.entries(report).filter(([key]) => !gone.has(key)));
}

/** What stands on the page of a report of these chapters, once the report has passed their schema and been summed up. */
function pageOf(report: object, chapters: readonly Chapter[]) {
  const composed = composeReport(chapters);
  const own = composed.parse(reduced(report, chapters));
  const summed = composed.summarize(own);
  const sentences = [...summed.summary];
  const page = parsePage(composed.render({ ...own, ...summed }));
  const ids = page.tags.flatMap(({ attributes }) => attributes.get('id') ?? []);
  return {
    answer: summed.answer,
    sentences,
    ids,
    text: page.text.replace(/\s+/g, ' '),
    links: page.tags.flatMap(({ attributes }) => attributes.get('href')?.slice(1) ?? []),
    sections: page.tags
      .filter(({ name, closing }) => name === 'section' && !closing)
      .map(({ attributes }) => attributes.get('id')),
    values: page.tags.flatMap(({ attributes }) => [...attributes.values()]),
  };
}

function expectSound(report: object, chapters: readonly Chapter[]): void {
  const { sentences, ids, text, links, sections, values } = pageOf(report, chapters);
  expect(sections.at(-1)).toBe('method');
  const known = chapters.flatMap((chapter) => chapter.sections.map(({ id }) => id));
  expect(known.filter((id) => sections.includes(id))).toEqual(sections.slice(0, -1));
  for (const link of links) expect(ids).toContain(link);
  const broken = /\bNaN\b|\bundefined\b|Infinity|\[object/;
  expect([...sentences, text, ...values].filter((shown) => broken.test(shown))).toEqual([]);
}

describe('a report of some chapters', () => {
  test.each(allChapters.map((chapter) => [chapter.name, chapter] as const))(
    'stands without %s, and %s stands alone',
    (_, chapter) => {
      for (const report of reports) {
        expectSound(
          report,
          allChapters.filter((each) => each !== chapter),
        );
        expectSound(report, [chapter]);
      }
    },
  );

  test('is sound whatever the chapters and their order', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...allChapters]),
        fc.constantFrom(...reports),
        (chapters, report) => expectSound(report, chapters),
      ),
      { numRuns: 30 },
    );
  });

  test('says nothing of a chapter that was left out', () => {
    const [report] = reports;
    const of = (chapters: readonly Chapter[]) => pageOf(report as object, chapters);
    const without = of(allChapters.filter(({ name }) => name !== 'words'));
    const all = of(allChapters);
    for (const said of [
      'Mis-learned words',
      'explains its estimate far better',
      'A flagged word is evidence',
    ]) {
      expect(all.text).toContain(said);
      expect(without.text).not.toContain(said);
    }
    // Features still push words; the words just cannot be looked up.
    expect(
      without.sentences.filter((said) => said.includes('push mis-learned words')),
    ).toHaveLength(1);
    // What layers say of themselves, without the test of the dictionaries.
    expect(of(allChapters.filter(({ name }) => name === 'layers')).sentences).toEqual([
      expect.stringMatching(/^Tuning moved layer \d furthest \(L2 [\d.]+\)\.$/),
    ]);
  });

  test('refuses what belongs to a chapter that it does not have', () => {
    const { parse } = composeReport([words]);
    expect(() => parse(createReport({ seed: 5, words: 3, planted: 0 }))).toThrow(/divergence/);
  });
});

/** A chapter that somebody adds. */
const weather = defineChapter({
  name: 'weather',
  shape: { weather: z.strictObject({ rain: z.number().describe('Millimetres.') }) },
  sections: [
    {
      id: 'weather',
      name: 'Weather',
      render: ({ weather: { rain } }) =>
        rain === 0
          ? null
          : section({ id: 'weather', title: 'Did it rain?' }, html`<p>${rain} mm fell.</p>`),
    },
  ],
  sentences: ({ weather: { rain }, name }) => [
    { importance: 95, text: rain === 0 ? '' : `It rained ${rain} mm on ${name}.` },
  ],
  cards: ({ weather: { rain } }) => [
    { title: 'Rain', big: rain, meaning: 'What fell.', control: 'The Sahara: 0.' },
  ],
  limits: () => [{ importance: 15, text: 'Nobody looked out of the window.' }],
  terms: [{ term: 'rain', meaning: 'Water from above.' }],
});

describe('a chapter that is added', () => {
  const [full] = reports;
  const chapters = [...allChapters, weather] as const;
  const rainy = { ...full, weather: { rain: 7 } };

  test('is in the schema', () => {
    const { parse, jsonSchema } = composeReport(chapters);
    expect(parse(rainy)).toEqual(rainy);
    expect(() => parse({ ...full, weather: { rain: 'much' } })).toThrow(/weather\.rain/);
    expect(JSON.stringify(jsonSchema())).toContain('Millimetres.');
  });

  test('is in the summary by its importance, on the page and in the navigation', () => {
    const { sentences, text, links, sections } = pageOf(rainy, chapters);
    expect(sentences[0]).toMatch(/ but learned 3 of 40 words against it: /);
    expect(sentences[1]).toBe('It rained 7 mm on demo-pair.');
    expect(sections.slice(-2)).toEqual(['weather', 'method']);
    expect(links).toContain('weather');
    for (const said of ['7 mm fell.', 'The Sahara: 0.', 'Nobody looked', 'Water from above.']) {
      expect(text).toContain(said);
    }
  });

  test('has no section where it has nothing to show', () => {
    const { sentences, links, sections } = pageOf({ ...full, weather: { rain: 0 } }, chapters);
    expect([...sections, ...links]).not.toContain('weather');
    expect(sentences.join()).not.toContain('rained');
  });

  test('types its part', () => {
    const part: PartOf<typeof weather> = { weather: { rain: 1 } };
    const own = { ...reduced(minimalReport(), [words, weather]), ...part };
    const found = composeReport([words, weather]).parse(own);
    expect([found.weather?.rain, found.words?.length]).toEqual([1, 0]);
    // So does a list of chapters that is made by code.
    const list = [{ chapter: words }, { chapter: weather }].map(({ chapter }) => chapter);
    expect(composeReport(list).parse(own).weather?.rain).toBe(1);
  });
});

describe('chapters that do not go together are refused', () => {
  const other = { ...weather, name: 'climate', shape: { climate: z.number() }, sections: [] };

  test.each([
    ['one name', { ...other, name: 'weather' }, /name of a chapter "weather"/],
    ['one key', { ...other, shape: { weather: z.number() } }, /key of report\.json "weather"/],
    ['a key of the run', { ...other, shape: { name: z.number() } }, /key of report\.json "name"/],
    ['one section', { ...other, sections: weather.sections }, /section "weather"/],
    [
      'the section of the method',
      { ...other, sections: [{ id: 'method', name: 'Method', render: () => null }] },
      /section "method"/,
    ],
    [
      'one term with two meanings',
      { ...other, terms: [{ term: 'rain', meaning: 'A nuisance.' }] },
      /term of the glossary "rain"/,
    ],
  ])('%s', (_, second, message) => {
    expect(() => composeReport([weather, second])).toThrow(message);
  });

  test('a term with one meaning may be named by both', () => {
    expect(() => composeReport([weather, other])).not.toThrow();
  });
});

test('a chapter may not count on the part of another', () => {
  defineChapter({
    name: 'greedy',
    shape: {},
    sections: [],
    // @ts-expect-error: words may be absent.
    sentences: ({ words: all }: RunFacts & PartOf<typeof words>) => [
      { importance: 1, text: `${all.length}` },
    ],
  });
  const modest = defineChapter({
    name: 'modest',
    shape: {},
    sections: [],
    sentences: ({ words: all }: RunFacts & Partial<PartOf<typeof words>>) => [
      { importance: 1, text: `${all?.length ?? 'no'} words` },
    ],
  });
  const { words: _, ...modestly } = minimalReport();
  expect(composeReport([modest]).summarize(modestly).summary).toEqual(['no words']);
  expect(composeReport([words, modest]).summarize(minimalReport()).summary).toContain('0 words');
});
