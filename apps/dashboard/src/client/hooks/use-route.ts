import { useEffect, useState } from 'react';
import type { MouseEvent } from 'react';

/** What the address asks for. */
export type Route =
  | { readonly page: 'runs' }
  | { readonly page: 'run'; readonly id: string; readonly view: 'progress' | 'report' };

const moved = 'feedprint:moved';

/** Where a run's page is. */
export function runPath(id: string, view: 'progress' | 'report' = 'progress'): string {
  return `/runs/${encodeURIComponent(id)}${view === 'report' ? '#report' : ''}`;
}

export function useRoute(): Route {
  const [route, setRoute] = useState(readRoute);
  useEffect(() => {
    const update = (): void => setRoute(readRoute());
    const names = ['popstate', 'hashchange', moved];
    for (const name of names) addEventListener(name, update);
    return () => {
      for (const name of names) removeEventListener(name, update);
    };
  }, []);
  return route;
}

/** For `onClick` of a link within the page: no reload, unless a new tab is asked for. */
export function follow(event: MouseEvent<HTMLAnchorElement>): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  history.pushState(null, '', event.currentTarget.href);
  dispatchEvent(new Event(moved));
  scrollTo(0, 0);
}

function readRoute(): Route {
  const id = /^\/runs\/([^/]+)$/.exec(location.pathname)?.[1];
  if (id === undefined) return { page: 'runs' };
  const view = location.hash === '#report' ? 'report' : 'progress';
  try {
    return { page: 'run', id: decodeURIComponent(id), view };
  } catch {
    return { page: 'runs' };
  }
}
