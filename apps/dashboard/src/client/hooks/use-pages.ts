import { useMemo, useState } from 'react';
import type { Rows } from '../components/virtual-rows.tsx';
import type { Loadable } from './loadable.ts';
import { useResource } from './use-resource.ts';

/** Rows that are asked for at once. */
export const PAGE = 100;

/** How a long list is read. */
export interface PageReader<P extends { readonly total: number }, T> {
  /** The page of rows from an offset on. */
  readonly load: (offset: number, signal: AbortSignal) => Promise<P>;
  readonly rowsOf: (page: P) => readonly T[];
}

interface Paged<P, T> {
  /** What came with the first rows. */
  readonly first: Loadable<P> & { readonly stale: boolean };
  readonly rows: Rows<T>;
}

/** A long list, of which the pages in view are asked for when they are; all of it anew when `key` changes. */
export function usePages<P extends { readonly total: number }, T>(
  key: string,
  { load, rowsOf }: PageReader<P, T>,
): Paged<P, T> {
  const first = useResource(key, (signal) => load(0, signal));
  const [arrived, setArrived] = useState(0);
  const value = first.kind === 'ready' ? first.value : undefined;
  const book = useMemo(() => {
    const pages = new Map<number, readonly T[]>(value && [[0, rowsOf(value)]]);
    return { pages, asked: new Set([0]) };
    // `rowsOf` is made anew by every rendering.
  }, [value]);
  const rows = useMemo((): Rows<T> => {
    const { signal } = new AbortController(); // Pages are short: one that is no longer wanted may still arrive.
    const ask = async (page: number): Promise<void> => {
      if (book.asked.has(page)) return;
      book.asked.add(page);
      try {
        book.pages.set(page, rowsOf(await load(page * PAGE, signal)));
        setArrived((count) => count + 1);
      } catch {
        book.asked.delete(page); // Asked for again when it is next in view.
      }
    };
    return {
      length: value?.total ?? 0,
      at: (index) => book.pages.get(Math.floor(index / PAGE))?.[index % PAGE],
      want: (from, to) => {
        if (first.stale) return;
        for (let page = Math.floor(from / PAGE); page <= Math.floor(to / PAGE); page++) {
          void ask(page);
        }
      },
    };
  }, [book, arrived, first.stale]);
  return { first, rows };
}
