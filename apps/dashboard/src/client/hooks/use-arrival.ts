import { useEffect, useRef } from 'react';
import { visible } from '../format.ts';
import type { Route } from './use-route.ts';

/** Names the page after what it shows; and where a link that was followed is gone with what it stood in, moves the focus to the content. */
export function useArrival({ page, id, view, rest, query }: Route): void {
  const parts = page === 'run' ? [...rest.toReversed(), view, id] : [page, ...query.getAll('run')];
  const name = parts.map(visible).join(' · ');
  const before = useRef(name);
  useEffect(() => {
    document.title = `${name.slice(0, 1).toUpperCase()}${name.slice(1)} · Feedprint`;
    if (before.current === name) return;
    before.current = name;
    const { activeElement, body } = document;
    if (activeElement === null || activeElement === body) {
      document.getElementById('content')?.focus({ preventScroll: true });
    }
  }, [name]);
}
