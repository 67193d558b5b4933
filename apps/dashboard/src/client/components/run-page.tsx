import { useNow } from '../hooks/use-now.ts';
import { follow, runPath } from '../hooks/use-route.ts';
import { useRun } from '../hooks/use-run.ts';
import { statusOf } from '../../api/responses.ts';
import { Curves } from './curves.tsx';
import { Findings } from './findings.tsx';
import { Loading, Message } from './message.tsx';
import { ReportView } from './report-view.tsx';
import { RunHead } from './run-head.tsx';
import { RunTrouble } from './run-trouble.tsx';
import { StageList } from './stage-list.tsx';

interface RunPageProps {
  readonly id: string;
  readonly view: 'progress' | 'report';
}

/** One run, as it goes on. */
export function RunPage({ id, view }: RunPageProps) {
  const run = useRun(id);
  const writing = run.kind === 'ready' && run.value.detail.writing;
  const now = useNow(writing);
  if (run.kind === 'loading') return <Loading what="the run" />;
  if (run.kind === 'failed') {
    return (
      <Message title={run.message} tone="alert">
        <p>
          <a href="/" onClick={follow}>
            All runs
          </a>
        </p>
      </Message>
    );
  }
  const { detail, connected } = run.value;
  const { state, hasReport } = detail;
  const status = statusOf(state.status, detail.writing);
  return (
    <article className="run-page">
      <RunHead detail={detail} status={status} now={now} />
      {!connected && <Message title="Connection lost. Trying again…" tone="alert" />}
      <nav className="tabs" aria-label="Views of this run">
        <a href={runPath(id)} onClick={follow} aria-current={view === 'progress' ? 'page' : false}>
          Progress
        </a>
        {hasReport ? (
          <a
            href={runPath(id, 'report')}
            onClick={follow}
            aria-current={view === 'report' ? 'page' : false}
          >
            Report
          </a>
        ) : (
          <span className="off" title="Written with the first findings">
            Report
          </span>
        )}
      </nav>
      {view === 'report' ? (
        // While a run goes on, the report of its first findings stands; events must not load it again.
        <ReportView
          id={id}
          hasReport={hasReport}
          writtenAt={status === 'running' ? state.startedAt : state.lastEventAt}
        />
      ) : (
        <>
          <RunTrouble status={status} failure={state.failure} />
          <div className="columns">
            <StageList stages={state.stages} live={detail.writing} now={now} />
            <div>
              <Findings findings={state.findings} />
              <Curves curves={state.curves} stages={state.stages} />
            </div>
          </div>
        </>
      )}
    </article>
  );
}
