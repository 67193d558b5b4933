import type { RunSummary } from '../../api/responses.ts';
import { duration, moment, secondsBetween } from '../format.ts';
import { follow, hrefOf, runPath } from '../hooks/use-route.ts';
import { Bar } from './bar.tsx';
import { StatusBadge } from './status-badge.tsx';
import { Text } from './text.tsx';

/** One run in the list. */
export function RunRow({ run, now }: { readonly run: RunSummary; readonly now: number }) {
  const { id, kind, status, startedAt, lastEventAt, current, models, headline } = run;
  const running = status === 'running';
  const end = running ? now : lastEventAt;
  return (
    <li className={`run ${status}`}>
      <div className="run-head">
        <a className="run-name" href={runPath(id)} onClick={follow}>
          <Text>{id}</Text>
        </a>
        <span className="soft">{kind === 'other' ? 'run' : kind}</span>
        <StatusBadge status={status} />
        <span className="end links">
          {headline !== null && (
            <a href={runPath(id, kind === 'trajectory' ? 'trajectory' : 'audit')} onClick={follow}>
              Findings
            </a>
          )}
          {kind !== 'other' && (
            <a href={hrefOf(`/compare?${new URLSearchParams({ run: id })}`)} onClick={follow}>
              Compare
            </a>
          )}
        </span>
      </div>
      {headline !== null && (
        <p className="headline">
          <Text>{headline}</Text>
        </p>
      )}
      <Bar
        fraction={run.share}
        label={`Progress of ${id}`}
        tone={running ? 'running' : status === 'finished' ? 'done' : 'quiet'}
      />
      <div className="run-facts soft">
        <span>
          {run.stagesDone} of {run.stagesTotal} stages
        </span>
        {running && current && (
          <span>
            now <Text>{current.name}</Text>
          </span>
        )}
        {run.secondsLeft !== null && <span>about {duration(run.secondsLeft)} left</span>}
        {models && (
          <span>
            <Text>{models.tuned}</Text> from <Text>{models.base}</Text>
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
