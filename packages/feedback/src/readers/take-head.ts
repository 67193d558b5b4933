import type { Row, Rows } from './row.ts';

/** The first rows, and all rows, including these. */
export interface Head {
  /** As many as were asked for, or all if there are fewer. */
  readonly head: readonly Row[];
  readonly rows: Rows;
}

/** Looks at the first rows and leaves them in place. */
export async function takeHead(rows: Rows, length: number): Promise<Head> {
  const head: Row[] = [];
  while (head.length < length) {
    const { done, value } = await rows.next();
    if (done) break;
    head.push(value);
  }
  return { head, rows: joined(head, rows) };
}

async function* joined(head: readonly Row[], rest: Rows): Rows {
  try {
    yield* head;
    yield* rest;
  } finally {
    await rest.return();
  }
}
