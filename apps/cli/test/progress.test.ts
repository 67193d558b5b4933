import { describe, expect, test } from '@jest/globals';
import type { Io } from '../src/io.ts';
import { createProgressReporter } from '../src/progress.ts';

/** A reporter with a clock that the test moves. */
function reporter(changes: Partial<Io>) {
  const said: string[] = [];
  let milliseconds = 0;
  const progress = createProgressReporter({
    out: () => undefined,
    err: (text) => void said.push(text),
    isTerminal: false,
    columns: 80,
    env: {},
    now: () => new Date(milliseconds),
    signal: new AbortController().signal,
    ...changes,
  });
  return { progress, said, wait: (ms: number) => void (milliseconds += ms) };
}

describe('progress where nothing can be redrawn', () => {
  test('is one line per stage and per finding', () => {
    const { progress, said, wait } = reporter({ isTerminal: false });
    progress.event({ type: 'run-started', name: 'r', stages: ['capture', 'match'] });
    progress.event({ type: 'stage-started', stage: 'capture' });
    wait(1500);
    progress.event({ type: 'stage-progress', stage: 'capture', done: 1, total: 2, unit: 'tokens' });
    progress.event({ type: 'metric', stage: 'capture', name: 'mse', step: 1, value: 2 });
    progress.event({ type: 'finding', stage: 'capture', text: 'something' });
    progress.event({ type: 'stage-finished', stage: 'capture', reused: false });
    progress.event({ type: 'stage-finished', stage: 'match', reused: true });
    progress.event({ type: 'run-finished' });
    progress.stop();
    expect(said.join('')).toBe(
      '        something\n[ 1/2] capture 1.5 s\n[ 2/2] match already done\n',
    );
  });
});

describe('progress on a terminal', () => {
  const halfway = (columns: number) => {
    const made = reporter({ isTerminal: true, columns });
    made.progress.event({ type: 'run-started', name: 'r', stages: ['capture'] });
    made.progress.event({ type: 'stage-started', stage: 'capture' });
    made.wait(2000);
    const event = { type: 'stage-progress', stage: 'capture', unit: 'tokens' } as const;
    made.progress.event({ ...event, done: 500, total: 2000 });
    return made;
  };

  test('is one line, redrawn, with share, rate and time left', () => {
    const { said } = halfway(80);
    expect(said.join('')).not.toContain('\n');
    expect(said.at(-1)).toBe(
      `\r${`[ 1/1] capture ${'█'.repeat(6)}${'░'.repeat(18)} 25 %  250 tokens/s  6 s left`.padEnd(79)}`,
    );
  });

  test('never wraps, however narrow the terminal', () => {
    const { said } = halfway(30);
    for (const line of said) expect(line.length).toBeLessThanOrEqual(30);
  });

  test('leaves a clean line when a stage ends, when something is found and when it stops', () => {
    const wiped = `\r${' '.repeat(79)}\r`;
    const ended = halfway(80);
    ended.progress.event({ type: 'stage-finished', stage: 'capture', reused: false });
    expect(ended.said.slice(-2)).toEqual([wiped, '[ 1/1] capture 2.0 s\n']);
    ended.progress.stop();
    expect(ended.said.length).toBe(4);

    const found = halfway(80);
    found.progress.event({ type: 'finding', stage: 'capture', text: 'something' });
    expect(found.said.slice(-2)).toEqual([wiped, '        something\n']);

    const stopped = halfway(80);
    stopped.progress.stop();
    expect(stopped.said.at(-1)).toBe(wiped);
  });

  test('shows no rate before time has passed and survives a total of nothing', () => {
    const { progress, said } = reporter({ isTerminal: true });
    progress.event({ type: 'run-started', name: 'r', stages: ['capture'] });
    progress.event({ type: 'stage-started', stage: 'capture' });
    progress.event({ type: 'stage-progress', stage: 'capture', done: 0, total: 0, unit: 'tokens' });
    expect(said.at(-1)).toMatch(/ 0 % {2}0\.0 tokens\/s\s*$/);
  });
});
