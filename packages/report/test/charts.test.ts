import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bars } from '../src/charts/bars.ts';
import { dots } from '../src/charts/dots.ts';
import { dumbbell } from '../src/charts/dumbbell.ts';
import { lineChart } from '../src/charts/line.ts';
import { miniBar } from '../src/charts/mini-bar.ts';
import { placeLabels } from '../src/charts/place-labels.ts';
import { linearScale, logScale } from '../src/charts/scale.ts';
import { scatter } from '../src/charts/scatter.ts';
import type { ScatterPoint } from '../src/charts/scatter.ts';
import { parsePage } from './fixtures/page.ts';

const size = { width: 400, height: 300, label: 'picture' };

describe('scales', () => {
  test('map the domain onto the range and put ticks inside it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }),
        (values) => {
          const scale = linearScale({ values, range: [10, 110] });
          for (const value of values) {
            expect(scale.at(value)).toBeGreaterThanOrEqual(10);
            expect(scale.at(value)).toBeLessThanOrEqual(110);
          }
          expect(scale.ticks.length).toBeLessThan(12);
          for (const tick of scale.ticks) expect(Number.isFinite(tick)).toBe(true);
        },
      ),
    );
  });

  test('have round ticks with just enough digits', () => {
    const scale = linearScale({ values: [-0.42, 0.38], range: [0, 1], ticks: 4 });
    expect(scale.ticks.map(scale.format)).toEqual(['−0.4', '−0.2', '0.0', '0.2']);
  });

  test('give room to a constant and to nothing', () => {
    const constant = linearScale({ values: [3, 3], range: [0, 100] });
    expect(constant.at(3)).toBe(50);
    expect(linearScale({ values: [], range: [0, 100] }).domain).toEqual([0, 1]);
  });

  test('hold numbers from outside at the edge', () => {
    const scale = linearScale({ values: [0, 1], range: [100, 0] });
    expect(scale.at(5)).toBe(0);
    expect(scale.at(-5)).toBe(100);
  });

  test('are even in powers of ten when logarithmic', () => {
    const scale = logScale({ values: [0.01, 1, 100], range: [0, 100] });
    expect(scale.at(1)).toBeCloseTo(50);
    expect(scale.at(0)).toBe(0);
    expect(scale.ticks.map(scale.format)).toEqual(['0.01', '0.1', '1', '10', '100']);
  });
});

test('labels of crowded points do not cover each other', () => {
  const frame = { left: 0, top: 0, right: 400, bottom: 300 };
  const requests = [0, 1, 2, 3, 4, 5].map((i) => ({
    x: 200 + 3 * i,
    y: 150,
    width: 50,
    height: 14,
  }));
  const placed = placeLabels(requests, frame);
  placed.forEach((a, i) => {
    expect(a.left >= 0 && a.left + 50 <= 400 && a.top >= 0 && a.top + 14 <= 300).toBe(true);
    for (const b of placed.slice(i + 1)) {
      const across = Math.min(a.left, b.left) + 50 - Math.max(a.left, b.left);
      const down = Math.min(a.top, b.top) + 14 - Math.max(a.top, b.top);
      expect(Math.max(0, across) * Math.max(0, down)).toBe(0);
    }
  });
});

describe('charts', () => {
  const point = (x: number, y: number, flagged = false): ScatterPoint => ({
    x,
    y,
    low: y - 1,
    high: y + 1,
    flagged,
    name: `<${x}>`,
    title: 'a & b',
  });

  test('a scatter names flagged points only and draws its line', () => {
    const points = [point(0, 0), point(1, 1), point(2, -2, true)];
    const { source } = scatter({
      ...size,
      points,
      line: [
        [0, 0],
        [2, 2],
      ],
      xTitle: 'x',
      yTitle: 'y',
    });
    const { text, tags } = parsePage(source);
    expect(text).toContain('<2>');
    expect(text).not.toContain('<1>');
    expect(tags.filter((tag) => tag.name === 'circle')).toHaveLength(3);
    expect(tags.filter((tag) => tag.attributes.get('class') === 'fit')).toHaveLength(1);
  });

  test('a row without a value has no mark but its note', () => {
    const row = { label: 'r', tone: 'main', title: 't' } as const;
    const { source } = dots({
      ...size,
      rows: [
        { ...row, value: null, interval: null, note: 'not defined' },
        { ...row, value: 0.5, interval: { low: 0.2, high: 0.7 }, note: '0.5' },
      ],
      xTitle: 'x',
      reference: 0,
    });
    const { text, tags } = parsePage(source);
    expect(tags.filter((tag) => tag.name === 'circle')).toHaveLength(1);
    expect(text).toContain('not defined');
  });

  test('bars grow with their values and down when negative', () => {
    const bar = { label: 'b', strong: false, title: 't' };
    const { source } = bars({
      ...size,
      bars: [
        { ...bar, value: 2 },
        { ...bar, value: -1 },
      ],
      xTitle: 'x',
      yTitle: 'y',
      format: String,
    });
    const [up = 0, down = 0] = parsePage(source)
      .tags.filter((tag) => tag.name === 'rect')
      .map((tag) => Number(tag.attributes.get('height')));
    expect(up / down).toBeCloseTo(2, 1);
  });

  test.each([360, 700])('empty charts are still pictures, %i wide', (width) => {
    const axes = { xTitle: 'x', yTitle: 'y' };
    const empty = { ...size, ...axes, width };
    for (const picture of [
      scatter({ ...empty, points: [] }),
      dots({ ...empty, rows: [] }),
      dumbbell({ ...empty, rows: [], columns: ['n'] }),
      bars({ ...empty, bars: [], format: String }),
      lineChart({ ...empty, series: [], scale: 'log' }),
      lineChart({ ...empty, series: [], scale: 'linear' }),
    ]) {
      expect(picture.source).not.toMatch(/NaN|Infinity|undefined/);
      expect(parsePage(picture.source).tags[0]?.attributes.get('aria-label')).toBe('picture');
    }
  });

  test('a small bar points to its sign and is never longer than its half', () => {
    const value = (number: number, limit: number): ReadonlyMap<string, string> | undefined =>
      parsePage(miniBar(number, limit).source).tags.find(
        (tag) => tag.attributes.get('class') === 'value',
      )?.attributes;
    expect(value(-1, 1)?.get('x')).toBe('1');
    expect(value(9, 1)?.get('width')).toBe('47');
    expect(value(0, 0)?.get('width')).toBe('0');
  });
});
