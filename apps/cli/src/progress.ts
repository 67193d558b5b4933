import type { RunEventInput } from '@feedprint/core';
import type { Io } from './io.ts';

export interface ProgressReporter {
  event(event: RunEventInput): void;
  /** A line of its own. */
  say(text: string): void;
  /** Leaves the line that is being redrawn. */
  stop(): void;
}

const BAR = 24;

/** Shows a run's events: one redrawn bar with rate and time left on a terminal, a line per stage elsewhere. */
export function createProgressReporter(io: Io): ProgressReporter {
  let stages: readonly string[] = [];
  let stage = '';
  let started = 0;
  let drawn = false;
  const milliseconds = (): number => io.now().getTime();
  const draw = (line: string): void => {
    io.err(`\r${line.slice(0, io.columns - 1).padEnd(io.columns - 1)}`);
    drawn = true;
  };
  const clear = (): void => {
    if (drawn) io.err(`\r${' '.repeat(io.columns - 1)}\r`);
    drawn = false;
  };
  const place = (): string => `[${String(stages.indexOf(stage) + 1).padStart(2)}/${stages.length}]`;

  return {
    event(event) {
      switch (event.type) {
        case 'run-started':
          stages = event.stages;
          break;
        case 'stage-started':
          stage = event.stage;
          started = milliseconds();
          if (io.isTerminal) draw(`${place()} ${stage}`);
          break;
        case 'stage-progress':
          if (io.isTerminal) {
            draw(
              `${place()} ${stage} ${bar(event.done, event.total, event.unit, milliseconds() - started)}`,
            );
          }
          break;
        case 'stage-finished': {
          stage = event.stage;
          clear();
          const detail = event.reused
            ? 'already done'
            : `${((milliseconds() - started) / 1000).toFixed(1)} s`;
          io.err(`${place()} ${stage} ${detail}\n`);
          break;
        }
        case 'finding':
          clear();
          io.err(`        ${event.text}\n`);
          break;
        case 'alarm':
          clear();
          io.err(`ALARM   ${event.text}\n`);
          break;
        case 'metric':
        case 'run-finished':
        case 'run-failed':
          break;
      }
    },
    say: (text) => {
      clear();
      io.err(`\n${text}\n\n`);
    },
    stop: clear,
  };
}

function bar(done: number, total: number, unit: string, elapsed: number): string {
  const share = total > 0 ? done / total : 0;
  const filled = Math.round(BAR * share);
  const rate = elapsed > 0 ? (1000 * done) / elapsed : 0;
  const left = rate > 0 ? `${Math.ceil((total - done) / rate)} s left` : '';
  const pace = rate >= 10 ? rate.toFixed(0) : rate.toFixed(1);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${Math.round(100 * share)} %  ${pace} ${unit}/s  ${left}`;
}
