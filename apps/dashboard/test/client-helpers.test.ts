import { describe, expect, test } from '@jest/globals';
import type { Curve, StageState } from '../src/api/run-state.ts';
import { curveTitle } from '../src/client/curve-title.ts';
import { duration, significant, visible } from '../src/client/format.ts';
import { fractionOf, shareDone, timeLeft } from '../src/api/share-done.ts';
import { emptyRun } from '../src/api/fold-events.ts';
import { groupStages } from '../src/client/group-stages.ts';
import { isWithin } from '../src/client/is-within.ts';
import { frameOf, pathOf } from '../src/client/plot.ts';

const stage = (name: string, rest: Partial<StageState> = {}): StageState => ({
  name,
  status: 'waiting',
  startedAt: null,
  endedAt: null,
  done: null,
  total: null,
  unit: '',
  rate: null,
  ...rest,
});

const curve = (points: [number, number][]): Curve => ({
  stage: 's',
  name: 'mse',
  points,
  last: points.at(-1) ?? [0, 0],
  stride: 1,
  seen: points.length,
});

test.each([
  ['bench/pair/audit', 'bench/run', true],
  ['watched/step-1', 'watched', true],
  ['bench/run', 'bench/pair/audit', false],
  ['bench-2/run', 'bench/run', false],
  ['runs/a', 'runs/b', false],
])('the run %s is within %s: %s', (id, other, within) => {
  expect(isWithin({ id }, { id: other })).toBe(within);
});

test.each([
  ['explainedVariance', 'explained variance (running batch)'],
  ['deadShare (k=4)', 'dead features, share of all (k=4)'],
  ['train explainedVariance', 'train explained variance (running batch)'],
  ['eval_loss', 'eval_loss'],
])('the metric %s is called %s', (name, title) => {
  expect(curveTitle(name)).toBe(title);
});

describe('significant', () => {
  test.each([
    [0, '0'],
    [0.037, '0.0370'],
    [-29.06, '−29.1'],
    [1340.4, '1,340'],
    [1.23e-7, '1.2e−7'],
    [4.2e9, '4.2e9'],
  ])('writes %d as %s', (value, text) => {
    expect(significant(value)).toBe(text);
  });
});

describe('duration', () => {
  test.each([
    [0.42, '0.4 s'],
    [-1, '0.0 s'],
    [59.4, '59 s'],
    [307, '5 min 07 s'],
    [7500, '2 h 05 min'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

describe('visible', () => {
  test('spells out what cannot be seen and leaves the rest', () => {
    expect(visible('a\u202Eb\u200Bc\u0000 é 😀\n')).toBe('a⟨U+202E⟩b⟨U+200B⟩c⟨U+0000⟩ é 😀\n');
  });
});

describe('groupStages', () => {
  test('joins three or more neighbours of one kind', () => {
    const names = ['capture', 'sae-a-L0', 'sae-a-L1', 'sae-b-L0', 'match', 'x-1', 'x-2', 'label'];
    const groups = groupStages(names.map((name) => stage(name)));
    expect(groups.map(({ name, stages }) => [name, stages.length])).toEqual([
      ['capture', 1],
      ['sae', 3],
      ['match', 1],
      ['x-1', 1],
      ['x-2', 1],
      ['label', 1],
    ]);
  });
});

describe('fractionOf', () => {
  test('is between 0 and 1, whatever the log says', () => {
    const running = { status: 'running' } as const;
    expect(fractionOf(stage('s', { ...running, done: 1, total: 4 }))).toBe(0.25);
    expect(fractionOf(stage('s', { ...running, done: 9, total: 4 }))).toBe(1);
    expect(fractionOf(stage('s', { ...running, done: -9, total: 4 }))).toBe(0);
    expect(fractionOf(stage('s', { ...running, done: 1, total: 0 }))).toBe(0);
    expect(fractionOf(stage('s', { status: 'reused' }))).toBe(1);
  });
});

describe('timeLeft', () => {
  const at = (seconds: number): number => Date.parse('2026-01-01T00:00:00Z') + 1000 * seconds;
  const run = (...stages: StageState[]) => ({
    ...emptyRun(),
    startedAt: '2026-01-01T00:00:00.000Z',
    stages,
  });

  test('takes the stages to come for as long as those of this start', () => {
    const stages = [
      stage('a', { status: 'reused' }),
      stage('b', { status: 'finished' }),
      stage('c', { status: 'running', done: 1, total: 2 }),
      stage('d'),
    ];
    expect(shareDone(stages)).toBe(2.5 / 4);
    expect(timeLeft(run(...stages), at(30))).toBe(30);
  });

  test('says nothing of a run that has hardly begun', () => {
    const running = stage('a', { status: 'running', done: 1, total: 4 });
    expect(timeLeft(run(running, stage('b')), at(30))).toBeNull();
    expect(timeLeft(emptyRun(), at(30))).toBeNull();
  });
});

describe('frameOf', () => {
  const box = { left: 0, right: 100, top: 0, bottom: 50 };

  test('maps the first step to the left and the largest value to the top', () => {
    const line = curve([
      [0, 2],
      [10, 4],
    ]);
    expect(pathOf(line, frameOf([line], box))).toBe('M0,50L100,0');
  });

  test('is logarithmic over a wide positive range', () => {
    const line = curve([
      [0, 1],
      [1, 10],
      [2, 100],
    ]);
    const frame = frameOf([line], box);
    expect(frame.log).toBe(true);
    expect(pathOf(line, frame)).toBe('M0,50L50,25L100,0');
  });

  test('draws what is beyond all numbers at the edge', () => {
    const line = curve([
      [-1e308, -1e308],
      [10, 1e308],
    ]);
    expect(pathOf(line, frameOf([line], box))).toBe('M0,50L100,0');
  });

  test('puts a constant in the middle', () => {
    const line = curve([[0, 3]]);
    expect(frameOf([line], box).y(3)).toBe(25);
  });
});
