import type { StageState } from '../../api/run-state.ts';
import { duration, secondsBetween } from '../format.ts';
import { fractionOf } from '../../api/share-done.ts';
import type { StageGroup } from '../group-stages.ts';
import { Bar } from './bar.tsx';
import { StageMark } from './stage-mark.tsx';
import { StageRow } from './stage-row.tsx';
import { Text } from './text.tsx';

interface StageGroupRowProps {
  readonly group: StageGroup;
  readonly live: boolean;
  readonly now: number;
}

/** Many stages of one kind as one row, the running one below it, all of them on demand. */
export function StageGroupRow({ group: { name, stages }, live, now }: StageGroupRowProps) {
  const done = stages.filter((stage) => fractionOf(stage) === 1).length;
  const active = stages.find(({ status }) => status === 'running' || status === 'interrupted');
  const status = statusOfGroup(stages, live);
  const fraction = stages.reduce((sum, stage) => sum + fractionOf(stage), 0) / stages.length;
  return (
    <div className={`stage group ${status}`} data-stage={name} data-status={status}>
      <details>
        <summary className="stage-head">
          <StageMark status={status} />
          <span className="stage-name">
            <Text>{name}</Text>
            <span className="soft">
              {' '}
              {done} of {stages.length}
            </span>
          </span>
          <span className="stage-time soft">{timeOf(stages)}</span>
        </summary>
        <ol className="stages members">
          {stages.map((stage) => (
            <li key={stage.name}>
              <StageRow stage={stage} live={live} now={now} />
            </li>
          ))}
        </ol>
      </details>
      {active && (
        <div className="stage-work">
          <Bar
            fraction={fraction}
            label={`Progress of ${name}`}
            tone={status === 'running' ? 'running' : 'quiet'}
          />
        </div>
      )}
      {active && (
        <div className="active">
          <StageRow stage={active} live={live} now={now} />
        </div>
      )}
    </div>
  );
}

function statusOfGroup(stages: readonly StageState[], live: boolean): StageState['status'] {
  const has = (status: StageState['status']): boolean =>
    stages.some((one) => one.status === status);
  if (has('interrupted') || (has('running') && !live)) return 'interrupted';
  if (has('running')) return 'running';
  if (!has('waiting')) return has('finished') ? 'finished' : 'reused';
  return has('finished') || has('reused') ? (live ? 'running' : 'interrupted') : 'waiting';
}

/** Time of the stages that this start has finished. */
function timeOf(stages: readonly StageState[]): string {
  const finished = stages.filter(({ status }) => status === 'finished');
  if (finished.length === 0) return '';
  const seconds = finished.reduce(
    (sum, { startedAt, endedAt }) =>
      startedAt === null || endedAt === null ? sum : sum + secondsBetween(startedAt, endedAt),
    0,
  );
  return duration(seconds);
}
