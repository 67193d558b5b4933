import type { RunSummary } from '../../api/responses.ts';
import { duration, moment, secondsBetween } from '../format.ts';
import { fractionOf } from '../group-stages.ts';
import { follow, runPath } from '../hooks/use-route.ts';
import { Bar } from './bar.tsx';
import { StatusBadge } from './status-badge.tsx';
import { Text } from './text.tsx';

/** One run in the list. */
export function RunRow({ run, now }: { readonly run: RunSummary; readonly now: number }) {
  const { id, name, status, startedAt, lastEventAt, current, stagesDone, stagesTotal } = run;
  const running = status === 'running';
  const end = running ? now : lastEventAt;
  const within = current ? fractionOf(current) : 0;
  const fraction = stagesTotal === 0 ? 0 : (stagesDone + within) / stagesTotal;
  return (
    <li className={`run ${status}`}>
      <div className="run-head">
        <a className="run-name" href={runPath(id)} onClick={follow}>
          <Text>{id}</Text>
        </a>
        {name !== '' && name !== id && (
          <span className="soft">
            <Text>{name}</Text>
          </span>
        )}
        <StatusBadge status={status} />
        {run.hasReport && (
          <a className="run-report" href={runPath(id, 'report')} onClick={follow}>
            Report
          </a>
        )}
      </div>
      <Bar
        fraction={status === 'finished' ? 1 : fraction}
        label={`Progress of ${id}`}
        tone={running ? 'running' : status === 'finished' ? 'done' : 'quiet'}
      />
      <div className="run-facts soft">
        <span>
          {stagesDone} of {stagesTotal} stages
        </span>
        {running && current && (
          <span>
            now <Text>{current.name}</Text>
          </span>
        )}
        {run.failure !== null && (
          <span className="run-failure">
            <Text>{run.failure}</Text>
          </span>
        )}
        {startedAt !== null && (
          <span className="end">
            {moment(startedAt)}
            {end !== null && <> · {duration(secondsBetween(startedAt, end))}</>}
          </span>
        )}
      </div>
    </li>
  );
}
