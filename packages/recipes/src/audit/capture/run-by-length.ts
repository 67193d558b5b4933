import { batchTexts, matrix, positionsPerBatch } from '@feedprint/core';
import type { LanguageModel, Matrix, RunRequest, RunResult, TokenRows } from '@feedprint/core';

/** Batches of texts that are held at once: enough that each can be of texts of like length. */
const HELD = 4;

/**
 * Windows of neighbouring texts that `runByLength` takes at once, so that what it returns stays bounded.
 */
export const windowsOf = (
  rows: TokenRows,
  vocabularySize: number,
): { readonly start: number; readonly end: number }[] =>
  batchTexts(rows, HELD * positionsPerBatch(vocabularySize)).map((window) => ({
    start: window[0] as number,
    end: (window.at(-1) as number) + 1,
  }));

/**
 * Runs texts of like length together, so that little is computed for padding, and returns what a pass over them in their own order
 * would. Captured activations, `tokenLogProbs` and `logProbsOf` are put back in order; what else a request can ask for is not
 * supported.
 */
export async function runByLength(
  model: LanguageModel,
  rows: TokenRows,
  request: Pick<RunRequest, 'capture' | 'tokenLogProbs' | 'logProbsOf'>,
): Promise<RunResult> {
  const starts: number[] = [];
  let total = 0;
  for (const { length } of rows) {
    starts.push(total);
    total += length;
  }
  const order = [...rows.keys()].sort(
    (a, b) => (rows[a]?.length ?? 0) - (rows[b]?.length ?? 0) || a - b,
  );
  const activations = new Map<string, Matrix>();
  const rest: { tokenLogProbs?: Float32Array; logProbsOf?: Matrix } = {};
  for (const batch of batchTexts(rows, positionsPerBatch(model.info.vocabularySize), order)) {
    const result = await model.run(
      batch.map((i) => rows[i] as TokenRows[number]),
      request,
    );
    const place = (to: Float32Array, from: Float32Array, columns: number): void => {
      let at = 0;
      for (const i of batch) {
        const size = (rows[i]?.length ?? 0) * columns;
        to.set(from.subarray(at, at + size), (starts[i] as number) * columns);
        at += size;
      }
    };
    for (const [site, { columns, data }] of result.activations) {
      const whole = activations.get(site) ?? matrix(total, columns);
      activations.set(site, whole);
      place(whole.data, data, columns);
    }
    if (result.tokenLogProbs) {
      rest.tokenLogProbs ??= new Float32Array(total);
      place(rest.tokenLogProbs, result.tokenLogProbs, 1);
    }
    if (result.logProbsOf) {
      const { columns, data } = result.logProbsOf;
      rest.logProbsOf ??= matrix(total, columns);
      place(rest.logProbsOf.data, data, columns);
    }
  }
  return { activations, ...rest };
}
