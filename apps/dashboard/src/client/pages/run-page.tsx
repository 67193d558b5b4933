import { isToldByEvents, statusOf } from '../../api/responses.ts';
import type { RunDetail } from '../../api/responses.ts';
import { snapshot } from '../api/snapshot.ts';
import { Loading, Message } from '../components/message.tsx';
import { RunHead } from '../components/run-head.tsx';
import { RunTabs } from '../components/run-tabs.tsx';
import { Text } from '../components/text.tsx';
import { useNow } from '../hooks/use-now.ts';
import type { Route } from '../hooks/use-route.ts';
import { follow, hrefOf } from '../hooks/use-route.ts';
import { useRun } from '../hooks/use-run.ts';
import { AuditPage } from './audit-page.tsx';
import { FeaturePage } from './feature-page.tsx';
import { FeaturesPage } from './features-page.tsx';
import { LayersPage } from './layers-page.tsx';
import { Overview } from './overview.tsx';
import { PlaygroundPage } from './playground-page.tsx';
import { RepliesPage } from './replies-page.tsx';
import { ReportPage } from './report-page.tsx';
import { TextPage } from './text-page.tsx';
import { TextsPage } from './texts-page.tsx';
import { TrajectoryPage } from './trajectory-page.tsx';
import { WordsPage } from './words-page.tsx';

/** One run, as it goes on: its name and state, and one of its views. */
export function RunPage({ route }: { readonly route: Route }) {
  const run = useRun(route.id);
  const writing = run.kind === 'ready' && run.value.detail.writing;
  const now = useNow(writing);
  if (run.kind === 'loading') return <Loading what="the run" />;
  if (run.kind === 'failed') {
    return (
      <section>
        <h1>
          <Text>{route.id}</Text>
        </h1>
        <Message title={run.message} tone="alert">
          <p>
            <a href={hrefOf('/')} onClick={follow}>
              {snapshot ? 'What this copy is of' : 'All runs'}
            </a>
          </p>
        </Message>
      </section>
    );
  }
  const { detail, connected } = run.value;
  const status = statusOf(detail.state.status, detail.writing);
  return (
    <article className="run-page">
      <RunHead detail={detail} status={status} now={now} />
      {!connected && !snapshot && <Message title="Connection lost. Trying again…" tone="alert" />}
      <RunTabs
        id={route.id}
        view={route.view}
        kind={detail.facts.kind}
        hasFindings={detail.facts.headline !== null && !isToldByEvents(detail.facts.kind)}
        hasReport={detail.hasReport}
        tables={detail.facts.tables}
        watched={detail.watch !== undefined}
      />
      <ViewOf route={route} detail={detail} now={now} />
    </article>
  );
}

interface ViewProps {
  readonly route: Route;
  readonly detail: RunDetail;
  readonly now: number;
}

function ViewOf({ route: { id, view, rest, query }, detail, now }: ViewProps) {
  const [first, second] = rest;
  // The report of first findings is replaced while a run goes on; then everything made from it is read again.
  const edition = detail.writing ? `${detail.hasReport}` : (detail.state.lastEventAt ?? '');
  switch (view) {
    case 'overview':
      return <Overview detail={detail} now={now} />;
    case 'audit':
      return <AuditPage id={id} edition={edition} query={query} />;
    case 'trajectory':
      return <TrajectoryPage id={detail.watch ?? id} own={id} edition={edition} />;
    case 'replies':
      return <RepliesPage id={id} edition={edition} property={first} />;
    case 'words':
      return <WordsPage id={id} edition={edition} query={query} />;
    case 'texts':
      return first === undefined ? (
        <TextsPage id={id} edition={edition} query={query} />
      ) : (
        <TextPage id={id} text={Number(first)} />
      );
    case 'layers':
      return <LayersPage id={id} edition={edition} />;
    case 'features':
      return first !== undefined && second !== undefined ? (
        <FeaturePage id={id} site={first} index={Number(second)} />
      ) : (
        <FeaturesPage id={id} edition={edition} query={query} />
      );
    case 'playground':
      return <PlaygroundPage id={id} query={query} />;
    case 'report':
      return (
        <ReportPage
          id={id}
          kind={detail.facts.kind}
          hasReport={detail.hasReport}
          edition={edition}
        />
      );
  }
}
