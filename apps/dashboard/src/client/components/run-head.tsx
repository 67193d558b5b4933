import type { RunDetail, RunStatus } from '../../api/responses.ts';
import type { StageState } from '../../api/run-state.ts';
import { duration, moment, secondsBetween } from '../format.ts';
import { fractionOf } from '../../api/share-done.ts';
import { StatusBadge } from './status-badge.tsx';
import { Text } from './text.tsx';

interface RunHeadProps {
  readonly detail: RunDetail;
  readonly status: RunStatus;
  readonly now: number;
}

/** Name, status and a strip with one segment per stage. */
export function RunHead({ detail, status, now }: RunHeadProps) {
  const { id, state } = detail;
  const { startedAt, lastEventAt, stages } = state;
  const end = status === 'running' ? now : lastEventAt;
  const done = stages.filter((stage) => fractionOf(stage) === 1).length;
  return (
    <header className="run-title">
      <div className="run-head">
        <h1>
          <Text>{id}</Text>
        </h1>
        <StatusBadge status={status} />
      </div>
      <p className="soft">
        {state.name !== '' && state.name !== id && (
          <>
            <Text>{state.name}</Text> ·{' '}
          </>
        )}
        {done} of {stages.length} stages
        {startedAt !== null && <> · started {moment(startedAt)}</>}
        {startedAt !== null && end !== null && (
          <>
            {' '}
            · <span className="whole">{duration(secondsBetween(startedAt, end))}</span>
          </>
        )}
        {state.starts > 1 && <> · resumed, start {state.starts}</>}
      </p>
      <div className="strip" aria-hidden="true">
        {stages.map((stage) => (
          <i key={stage.name} className={classOf(stage, detail.writing)}>
            <b style={{ transform: `scaleX(${fractionOf(stage)})` }} />
          </i>
        ))}
      </div>
    </header>
  );
}

function classOf({ status }: StageState, live: boolean): string {
  return status === 'running' && !live ? 'interrupted' : status;
}
