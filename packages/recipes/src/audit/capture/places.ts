import type { Matrix, RunResult } from '@feedprint/core';

/** Where each position of a window occurs; as `Provenance`. */
export interface Places {
  readonly text: Int32Array;
  readonly position: Int32Array;
  readonly token: Int32Array;
  /** Whether a token follows in the text. */
  readonly followed: Uint8Array;
}

export function placesOf(batch: readonly Int32Array[], firstText: number): Places {
  const total = batch.reduce((sum, row) => sum + row.length, 0);
  const places: Places = {
    text: new Int32Array(total),
    position: new Int32Array(total),
    token: new Int32Array(total),
    followed: new Uint8Array(total),
  };
  let at = 0;
  batch.forEach((row, r) =>
    row.forEach((token, position) => {
      places.text[at] = firstText + r;
      places.position[at] = position;
      places.token[at] = token;
      places.followed[at] = position + 1 < row.length ? 1 : 0;
      at++;
    }),
  );
  return places;
}

/** Adds to `counts` `[texts, words]` the probability of each word after every position that a token follows. */
export function addExpectedCounts(
  counts: Matrix,
  { logProbsOf }: Pick<RunResult, 'logProbsOf'>,
  places: Places,
): void {
  if (!logProbsOf) return;
  const width = counts.columns;
  const stride = logProbsOf.columns;
  places.text.forEach((text, i) => {
    if (places.followed[i] === 0) return;
    for (let w = 0; w < width; w++) {
      const at = text * width + w;
      counts.data[at] =
        (counts.data[at] as number) + Math.exp(logProbsOf.data[i * stride + w] as number);
    }
  });
}
