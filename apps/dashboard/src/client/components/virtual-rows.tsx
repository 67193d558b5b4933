import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useRowKeys } from '../hooks/use-row-keys.ts';

/** Rows of a list; an array is one. */
export interface Rows<T> {
  readonly length: number;
  /** Undefined for one that is still to come. */
  readonly at: (index: number) => T | undefined;
  /** Told which rows are in view. */
  readonly want?: (first: number, last: number) => void;
}

interface VirtualRowsProps<T> {
  readonly label: string;
  readonly rows: Rows<T>;
  /** Of a row, pixels. */
  readonly height: number;
  readonly head?: ReactNode;
  /** A row; a link in it takes the `tabIndex`. */
  readonly children: (row: T, tabIndex: 0 | -1) => ReactNode;
}

/** A long list of rows of one height, of which only those in view are in the page. */
export function VirtualRows<T>({ label, rows, height, head, children }: VirtualRowsProps<T>) {
  const box = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 4,
    useFlushSync: false,
  });
  const shown = list.getVirtualItems();
  const [first, last] = [shown[0]?.index, shown.at(-1)?.index];
  useEffect(() => {
    if (first !== undefined && last !== undefined) rows.want?.(first, last);
  }, [rows, first, last]);
  const keys = useRowKeys({
    box,
    count: rows.length,
    page: () => Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / height) - 1),
    shown: {
      first: first ?? 0,
      last: last ?? -1,
      top: Math.ceil((list.scrollOffset ?? 0) / height),
    },
    scrollTo: (index) => list.scrollToIndex(index),
  });
  return (
    <div className="rows">
      {head && <div className="rows-head">{head}</div>}
      <div
        className="rows-box"
        ref={box}
        tabIndex={0}
        role="region"
        aria-label={label}
        onKeyDown={keys.onKeyDown}
        onFocus={keys.onFocus}
      >
        <div className="rows-all" role="list" style={{ height: list.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const row = rows.at(index);
            return (
              <div
                key={index}
                className="rows-row"
                role="listitem"
                data-row={index}
                aria-setsize={rows.length}
                aria-posinset={index + 1}
                style={{ height, transform: `translateY(${start}px)` }}
              >
                {row === undefined ? (
                  <span className="soft">…</span>
                ) : (
                  <Content
                    row={row}
                    tabIndex={index === keys.stop ? 0 : -1}
                    render={children as Render}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

type Render = (row: unknown, tabIndex: 0 | -1) => ReactNode;

/** A row that stays in view while the list scrolls is not drawn again. */
const Content = memo(function Content({
  row,
  tabIndex,
  render,
}: {
  readonly row: unknown;
  readonly tabIndex: 0 | -1;
  readonly render: Render;
}) {
  return render(row, tabIndex);
});
