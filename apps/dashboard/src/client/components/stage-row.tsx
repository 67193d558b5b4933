import type { StageState } from '../../api/run-state.ts';
import { count, duration, secondsBetween } from '../format.ts';
import { fractionOf } from '../../api/share-done.ts';
import { Bar } from './bar.tsx';
import { StageMark } from './stage-mark.tsx';
import { Text } from './text.tsx';

interface StageRowProps {
  readonly stage: StageState;
  readonly live: boolean;
  readonly now: number;
}

/** One stage: what it is at, how fast, how long still. */
export function StageRow({ stage, live, now }: StageRowProps) {
  const running = stage.status === 'running' && live;
  const status = stage.status === 'running' && !live ? 'interrupted' : stage.status;
  return (
    <div className={`stage ${status}`} data-stage={stage.name} data-status={status}>
      <div className="stage-head">
        <StageMark status={status} />
        <span className="stage-name">
          <Text>{stage.name}</Text>
        </span>
        <span className="stage-time soft">{timeOf(stage, status, now)}</span>
      </div>
      {(running || status === 'interrupted') && (
        <div className="stage-work">
          <Bar
            fraction={stage.total === null && running ? null : fractionOf(stage)}
            label={`Progress of ${stage.name}`}
            tone={running ? 'running' : 'quiet'}
          />
          <div className="stage-facts soft">{workOf(stage, running)}</div>
        </div>
      )}
    </div>
  );
}

function timeOf(stage: StageState, status: StageState['status'], now: number): string {
  if (status === 'waiting') return '';
  if (status === 'reused') return 'kept from an earlier run';
  if (status === 'interrupted') return 'interrupted';
  if (stage.startedAt === null) return '';
  return duration(secondsBetween(stage.startedAt, stage.endedAt ?? now));
}

function workOf({ done, total, unit, rate }: StageState, running: boolean): string {
  if (done === null || total === null) return running ? 'working' : '';
  const parts = [`${count(done)} of ${count(total)} ${unit}`];
  if (running && rate !== null && rate > 0) {
    parts.push(`${rate >= 100 ? count(rate) : Number(rate.toPrecision(2))} ${unit}/s`);
    if (done < total) parts.push(`${duration((total - done) / rate)} left`);
  }
  return parts.join(' · ');
}
