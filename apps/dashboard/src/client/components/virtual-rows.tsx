import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { ReactNode } from 'react';

interface VirtualRowsProps<T> {
  readonly label: string;
  readonly rows: readonly T[];
  /** Of a row, pixels. */
  readonly height: number;
  readonly head?: ReactNode;
  readonly children: (row: T) => ReactNode;
}

/** A long list of rows of one height, of which only those in view are in the page. */
export function VirtualRows<T>({ label, rows, height, head, children }: VirtualRowsProps<T>) {
  const box = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 12,
  });
  return (
    <div className="rows">
      {head && <div className="rows-head">{head}</div>}
      <div className="rows-box" ref={box} tabIndex={0} role="region" aria-label={label}>
        <div className="rows-all" role="list" style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <div
                key={index}
                className="rows-row"
                role="listitem"
                aria-setsize={rows.length}
                aria-posinset={index + 1}
                style={{ height, transform: `translateY(${start}px)` }}
              >
                {children(row)}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
