import { isToldByEvents } from '../../api/responses.ts';
import type { RunSummary } from '../../api/responses.ts';
import { curveTitle } from '../curve-title.ts';
import { duration, moment, secondsBetween, significant } from '../format.ts';
import { follow, hrefOf, runPath } from '../hooks/use-route.ts';
import { Bar } from './bar.tsx';
import { StatusBadge } from './status-badge.tsx';
import { Text } from './text.tsx';

/** Names shown of what a run works on: its events may have been written by anybody. */
const MOST_NAMES = 6;

interface RunRowProps {
  readonly run: RunSummary;
  readonly now: number;
  /** Runs in folders below its own, such as the audits of checkpoints. */
  readonly within?: readonly RunSummary[];
}

/** One run in the list, and, folded, those within it. */
export function RunRow({ run, now, within = [] }: RunRowProps) {
  const { id, kind, status, startedAt, lastEventAt, current, models, headline } = run;
  // A training that was audited meanwhile says what its trajectory found.
  const watch =
    kind === 'fine-tuning' ? within.find((one) => one.kind === 'trajectory') : undefined;
  const said = headline ?? watch?.headline ?? null;
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
          {headline !== null && !isToldByEvents(kind) && (
            <a href={runPath(id, kind === 'trajectory' ? 'trajectory' : 'audit')} onClick={follow}>
              Findings
            </a>
          )}
          {watch && watch.headline !== null && (
            <a href={runPath(id, 'trajectory')} onClick={follow}>
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
      {said !== null && (
        <p className="headline">
          <Text>{said}</Text>
        </p>
      )}
      {run.latest.length > 0 && (
        <p className="headline latest-values">
          {run.latest.map(({ name, value }) => (
            <span key={name}>
              <Text>{curveTitle(name)}</Text> <b>{significant(value)}</b>
            </span>
          ))}
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
        {run.about !== '' && (
          <span>
            <Text>{run.about}</Text>
          </span>
        )}
        {models && (
          <span>
            <Text>{models.tuned}</Text> from <Text>{models.base}</Text>
          </span>
        )}
        {Object.entries(run.worksOn)
          .slice(0, MOST_NAMES)
          .map(([what, name]) => (
            <span key={what}>
              <Text>{what}</Text> <Text>{name}</Text>
            </span>
          ))}
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
      {within.length > 0 && (
        <details className="within">
          <summary>
            {within.length} {within.length === 1 ? 'run' : 'runs'} within it
          </summary>
          <ul className="runs">
            {within.map((one) => (
              <RunRow key={one.id} run={one} now={now} />
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
