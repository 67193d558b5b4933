import type { MouseEvent } from 'react';
import { snapshot } from '../api/snapshot.ts';
import { CopyNote } from '../components/copy-note.tsx';
import { useArrival } from '../hooks/use-arrival.ts';
import { useEscape } from '../hooks/use-escape.ts';
import { follow, hrefOf, useRoute } from '../hooks/use-route.ts';
import { ComparePage } from './compare-page.tsx';
import { RunPage } from './run-page.tsx';
import { RunsPage } from './runs-page.tsx';

/** The whole page. */
export function App() {
  const route = useRoute();
  useArrival(route);
  useEscape();
  return (
    <>
      <a className="skip" href="#content" onClick={skip}>
        Skip to the content
      </a>
      <header className="top">
        <a className="home" href={hrefOf('/')} onClick={follow}>
          <Mark />
          Feedprint
        </a>
        <span className="soft">What did the model learn from its feedback?</span>
        {!snapshot && (
          <a className="end" href="/compare" onClick={follow}>
            Compare runs
          </a>
        )}
      </header>
      <main id="content" tabIndex={-1}>
        {route.page === 'runs' && <RunsPage query={route.query} />}
        {route.page === 'compare' && <ComparePage ids={route.query.getAll('run')} />}
        {route.page === 'run' && <RunPage key={route.id} route={route} />}
      </main>
      {snapshot && <CopyNote {...snapshot} />}
    </>
  );
}

/** Moves the focus past the head; the address, which in a copy says what is shown behind `#`, stays. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

/** The sign of the house, as in icon.svg. */
function Mark() {
  return (
    <svg className="sign" viewBox="0 0 16 16" width="18" height="18" aria-hidden="true">
      <path d="M2 11.5c2.2 0 2.4-8 4.6-8s2 9.5 4.2 9.5 1.6-5 3.2-5" />
    </svg>
  );
}
