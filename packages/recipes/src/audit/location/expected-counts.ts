import { matrix } from '@feedprint/core';
import type { Edit, LanguageModel, Matrix, RunRequest, RunResult } from '@feedprint/core';
import { batchesOf } from '../capture/batches.ts';
import { addExpectedCounts, placesOf } from '../capture/places.ts';
import type { AuditContext } from '../context.ts';

export interface CountOptions extends Pick<RunRequest, 'capture' | 'logits'> {
  readonly rows: readonly Int32Array[];
  /** Edits of the batch that starts at this text. */
  readonly edits?: (start: number) => readonly Edit[];
  /** What else a batch gave, and the text that it starts at. */
  readonly onBatch?: (result: RunResult, start: number) => void;
}

/** How often a model expects each scored word in each text, `[texts, words]`. */
export async function expectedCounts(
  { words }: Pick<AuditContext, 'words'>,
  model: LanguageModel,
  { rows, edits, onBatch, ...also }: CountOptions,
): Promise<Matrix> {
  const counts = matrix(rows.length, words.length);
  const logProbsOf = Int32Array.from(words, ({ id }) => id);
  for (const { start, end } of batchesOf(rows, model.info.vocabularySize)) {
    const batch = rows.slice(start, end);
    const request = { ...also, logProbsOf, ...(edits && { edits: edits(start) }) };
    const result = await model.run(batch, request);
    addExpectedCounts(counts, result, placesOf(batch, start));
    onBatch?.(result, start);
  }
  return counts;
}
