import { useEffect, useState } from 'react';
import type { MouseEvent } from 'react';
import { snapshot } from '../api/snapshot.ts';

export const views = [
  'overview',
  'audit',
  'trajectory',
  'replies',
  'words',
  'texts',
  'layers',
  'features',
  'playground',
  'report',
] as const;
export type View = (typeof views)[number];

/** What the address asks for. */
export interface Route {
  readonly page: 'runs' | 'run' | 'compare';
  readonly id: string;
  readonly view: View;
  /** What follows the view: a property, a site and a feature. */
  readonly rest: readonly string[];
  readonly query: URLSearchParams;
}

const moved = 'feedprint:moved';

/** Where a run's view is. */
export function runPath(id: string, view: View = 'overview', ...rest: readonly string[]): string {
  const parts = view === 'overview' ? [] : [view, ...rest.map(encodeURIComponent)];
  return hrefOf(['/runs', encodeURIComponent(id), ...parts].join('/'));
}

/** A path of the page as a link; a static copy has but one address, and keeps its path behind `#`. */
export const hrefOf = (path: string): string => (snapshot ? `#${path}` : path);

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
  go(event.currentTarget.getAttribute('href') ?? '/');
  scrollTo(0, 0);
}

/** Goes to a link of the page; `replace` leaves no trace to go back to. */
export function go(href: string, { replace = false } = {}): void {
  history[replace ? 'replaceState' : 'pushState'](null, '', href);
  dispatchEvent(new Event(moved));
}

/** Puts what a list is narrowed to into the address. */
export function changeQuery(change: Readonly<Record<string, string>>): void {
  const { pathname, searchParams } = here();
  for (const [name, value] of Object.entries(change)) {
    if (value === '') searchParams.delete(name);
    else searchParams.set(name, value);
  }
  const query = searchParams.toString();
  go(hrefOf(query ? `${pathname}?${query}` : pathname), { replace: true });
}

const here = (): URL =>
  new URL(snapshot ? location.hash.slice(1) || '/' : location.href, 'http://page');

function readRoute(): Route {
  const { pathname, searchParams } = here();
  const nowhere: Route = {
    page: 'runs',
    id: snapshot?.run ?? '',
    view: 'overview',
    rest: [],
    query: searchParams,
  };
  if (pathname === '/compare') return { ...nowhere, page: 'compare' };
  const parts = pathname.split('/').slice(1).map(decode);
  const [runs, id = nowhere.id, view = 'overview', ...rest] = parts;
  if (snapshot && runs !== 'runs') return { ...nowhere, page: 'run', view: snapshot.view };
  if (runs !== 'runs' || id === '') return nowhere;
  const known = views.find((one) => one === view) ?? 'overview';
  return { page: 'run', id, view: known, rest, query: searchParams };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
