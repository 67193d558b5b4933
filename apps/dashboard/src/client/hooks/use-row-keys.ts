import { useEffect, useRef, useState } from 'react';
import type { FocusEvent, KeyboardEvent, RefObject } from 'react';

interface RowKeysOptions {
  readonly box: RefObject<HTMLElement | null>;
  /** Number of rows. */
  readonly count: number;
  /** Rows that fit into the box. */
  readonly page: () => number;
  /** The first and last row that are in the page, and the first in view. */
  readonly shown: { readonly first: number; readonly last: number; readonly top: number };
  readonly scrollTo: (index: number) => void;
}

interface RowKeys {
  /** The row whose link Tab comes to: a list is one stop, however long. */
  readonly stop: number;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: (event: FocusEvent) => void;
}

/** Moves the focus between the rows of a list by arrows, Page Up and Page Down, Home and End, and the list with it. A row has its index in `data-row`. */
export function useRowKeys({ box, count, page, shown, scrollTo }: RowKeysOptions): RowKeys {
  const [current, setCurrent] = useState(0);
  /** The row that shall have the focus once it is there. */
  const wanted = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (wanted.current === undefined) return;
    const link = box.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"] a`);
    if (link) wanted.current = undefined;
    (link ?? box.current)?.focus({ preventScroll: true });
  });
  const isShown = current >= shown.first && current <= shown.last;
  return {
    stop: isShown ? current : shown.top,
    onKeyDown: (event) => {
      const row = rowOf(event.target);
      if (row === undefined) return; // The box itself, which scrolls.
      const steps: Readonly<Record<string, number>> = {
        ArrowDown: row + 1,
        ArrowUp: row - 1,
        PageDown: row + page(),
        PageUp: row - page(),
        Home: 0,
        End: count - 1,
      };
      const to = steps[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const next = Math.max(0, Math.min(count - 1, to));
      wanted.current = next;
      setCurrent(next);
      scrollTo(next);
    },
    onFocus: (event) => {
      const row = rowOf(event.target);
      if (row !== undefined) setCurrent(row);
    },
  };
}

function rowOf(target: EventTarget): number | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
  return row ? Number(row.dataset['row']) : undefined;
}
