import { useNow } from '../hooks/use-now.ts';
import { useRuns } from '../hooks/use-runs.ts';
import { Loading, Message } from './message.tsx';
import { RunRow } from './run-row.tsx';

/** All runs of the folder. */
export function RunList() {
  const runs = useRuns();
  const now = useNow(true);
  if (runs.kind === 'loading') return <Loading what="runs" />;
  if (runs.kind === 'failed') return <Message title={runs.message} tone="alert" />;
  const { folder, runs: all } = runs.value;
  return (
    <section aria-labelledby="runs">
      <h1 id="runs">Runs</h1>
      {all.length === 0 ? (
        <Message title={`No runs in ${folder} yet`}>
          <p>
            Start one in a terminal: <code>npx feedprint demo</code>. It will appear here.
          </p>
        </Message>
      ) : (
        <ul className="runs">
          {all.map((run) => (
            <RunRow key={run.id} run={run} now={now} />
          ))}
        </ul>
      )}
    </section>
  );
}
