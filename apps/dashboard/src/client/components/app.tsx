import { follow, useRoute } from '../hooks/use-route.ts';
import { RunList } from './run-list.tsx';
import { RunPage } from './run-page.tsx';

/** The whole page. */
export function App() {
  const route = useRoute();
  return (
    <>
      <header className="top">
        <a className="home" href="/" onClick={follow}>
          <img src="/icon.svg" alt="" width="20" height="20" />
          Feedprint
        </a>
        <span className="soft">What did the model learn from its feedback?</span>
      </header>
      <main>
        {route.page === 'runs' ? (
          <RunList />
        ) : (
          <RunPage key={route.id} id={route.id} view={route.view} />
        )}
      </main>
    </>
  );
}
