import { runKinds, runStatusSchema } from '../../api/responses.ts';
import type { RunSummary } from '../../api/responses.ts';
import { Loading, Message } from '../components/message.tsx';
import { Choice, Search } from '../components/fields.tsx';
import { RunRow } from '../components/run-row.tsx';
import { changeQuery } from '../hooks/use-route.ts';
import { useNow } from '../hooks/use-now.ts';
import { useRuns } from '../hooks/use-runs.ts';
import { isWithin } from '../is-within.ts';

const sorts = ['latest', 'name', 'progress'] as const;

/** All runs of the folder, at any depth; what they are narrowed to stands in the address. */
export function RunsPage({ query }: { readonly query: URLSearchParams }) {
  const runs = useRuns();
  const now = useNow(true);
  if (runs.kind === 'loading') return <Loading what="runs" />;
  if (runs.kind === 'failed') return <Message title={runs.message} tone="alert" />;
  const { folder, runs: all } = runs.value;
  const shown = narrowed(all, query);
  // Where something is looked for, runs stand for themselves.
  const isNarrow = ['search', 'kind', 'state'].some((name) => query.get(name));
  const above = (run: RunSummary): boolean =>
    !isNarrow && shown.some((other) => isWithin(run, other));
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
        <>
          <div className="filters">
            <Search
              label="Search runs"
              value={query.get('search') ?? ''}
              onChange={(search) => changeQuery({ search })}
            />
            <Choice
              label="Kind"
              value={query.get('kind') ?? ''}
              choices={runKinds}
              none="all kinds"
              onChange={(kind) => changeQuery({ kind })}
            />
            <Choice
              label="State"
              value={query.get('state') ?? ''}
              choices={runStatusSchema.options}
              none="any state"
              onChange={(state) => changeQuery({ state })}
            />
            <Choice
              label="Sort"
              value={query.get('sort') ?? 'latest'}
              choices={sorts}
              onChange={(sort) => changeQuery({ sort })}
            />
            <span className="soft small" role="status">
              {shown.length} of {all.length}
            </span>
          </div>
          <ul className="runs">
            {shown
              .filter((run) => !above(run))
              .map((run) => (
                <RunRow
                  key={run.id}
                  run={run}
                  now={now}
                  within={isNarrow ? [] : shown.filter((other) => isWithin(other, run))}
                />
              ))}
          </ul>
          {shown.length === 0 && <p className="soft">No run is like that.</p>}
        </>
      )}
    </section>
  );
}

/** The runs that fit, in the order that was asked for. */
export function narrowed(runs: readonly RunSummary[], query: URLSearchParams): RunSummary[] {
  const search = (query.get('search') ?? '').toLowerCase();
  const [kind, state] = [query.get('kind'), query.get('state')];
  const found = runs.filter(
    (run) =>
      (!kind || run.kind === kind) &&
      (!state || run.status === state) &&
      textOf(run).includes(search),
  );
  switch (query.get('sort')) {
    case 'name':
      return found.toSorted((a, b) => a.id.localeCompare(b.id));
    case 'progress':
      return found.toSorted((a, b) => b.share - a.share);
    default:
      return found; // As the server sends them.
  }
}

const textOf = ({ id, name, headline, models, worksOn }: RunSummary): string =>
  [id, name, headline, models?.base, models?.tuned, ...Object.values(worksOn)]
    .join(' ')
    .toLowerCase();
