import { createHash } from 'node:crypto';
import { FeedprintError, matrix } from '@feedprint/core';
import type {
  ActivationRows,
  ActivationStore,
  ActivationStoreFormat,
  ActivationStoreWriter,
  LanguageModel,
  Matrix,
  Provenance,
  Site,
  StoreOrigin,
  TokenRows,
} from '@feedprint/core';
import { batching, divideTexts } from './text-batches.ts';
import type { DivideOptions, DividedTexts, TextBatch } from './text-batches.ts';
import { createTextRunner } from './text-runner.ts';

export interface CaptureOptions extends DivideOptions {
  readonly sites: readonly Site[];
  /** How the activations are kept. */
  readonly store: ActivationStoreFormat;
  readonly folder: string;
  /** Tokens that get no row. Default: the tokenizer's special ones. */
  readonly skip?: ReadonlySet<number>;
  /**
   * What else determines the bits (threads, device): a capture for which this differs is refused instead of continued.
   */
  readonly origin?: StoreOrigin;
  readonly signal?: AbortSignal;
  /** Rows computed so far, including those of an earlier start, and the total. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A capture whose folder is ready for it. */
export interface OpenCapture {
  /** Everything that determines the files besides sites and number type. */
  readonly origin: StoreOrigin;
  /** Rows in all. */
  readonly rows: number;
  /** Computes the rows that are not there yet. Throws `cancelled` once the signal is aborted. */
  run(options?: Pick<CaptureOptions, 'signal' | 'onProgress'>): Promise<ActivationStore>;
}

/**
 * Runs a model over texts once, for all sites, and keeps one row per token in text order: equal texts, model and
 * options give equal files. A capture that was killed continues after the rows that are complete. Throws `run-invalid`
 * for a folder that contains another capture or anything else, `cancelled` once the signal is aborted, and what
 * `createModelStore` throws.
 */
export const captureActivations = async (
  model: LanguageModel,
  texts: TokenRows,
  options: CaptureOptions,
): Promise<ActivationStore> => (await openCapture(model, texts, options)).run(options);

/** The same before the model runs: a folder that cannot be used is refused here, as it was. */
export async function openCapture(
  model: LanguageModel,
  texts: TokenRows,
  options: Omit<CaptureOptions, 'signal' | 'onProgress'>,
): Promise<OpenCapture> {
  const { sites, store, folder, skip = model.tokenizer.specialIds } = options;
  const { batchPositions, windowPositions } = { ...batching, ...options };
  const divided = divideTexts(texts, (id) => !skip.has(id), { batchPositions, windowPositions });
  const runner = createTextRunner(model, texts, sites, divided);
  const origin = {
    ...options.origin,
    model: model.fingerprint,
    texts: hashTexts(texts),
    skip: [...skip].sort((a, b) => a - b).join(','),
    batches: `${batchPositions} positions of ${windowPositions}`,
  };
  const writer = await store.create(folder, sites, origin);
  return {
    origin,
    rows: divided.token.length,
    run: (running = {}) => writeRows({ divided, runner, writer }, running),
  };
}

interface Opened {
  readonly divided: DividedTexts;
  readonly runner: ReturnType<typeof createTextRunner>;
  readonly writer: ActivationStoreWriter;
}

async function writeRows(
  { divided, runner, writer }: Opened,
  { signal, onProgress }: Pick<CaptureOptions, 'signal' | 'onProgress'>,
): Promise<ActivationStore> {
  const total = divided.token.length;
  const kept = writer.rows ?? 0;
  let done = kept;
  onProgress?.(done, total);
  // So that even a store without rows knows its sites' widths.
  await writer.append(rowsOf(divided, 0, 0, emptyRows(runner.widths, 0)));
  for (const window of divided.windows) {
    if (window.end <= kept) continue;
    const activations = emptyRows(runner.widths, window.end - window.start);
    for (const batch of window.batches) {
      if (signal?.aborted) throw stopped(done, total, signal.reason);
      await runner.run(batch, (t) => (divided.firstRow[t] as number) - window.start, activations);
      done += rowsIn(batch, divided);
      onProgress?.(Math.min(done, window.end), total);
    }
    const start = Math.max(kept, window.start);
    const behind = start - window.start;
    await writer.append(rowsOf(divided, start, window.end, dropRows(activations, behind)));
    done = window.end;
  }
  return writer.finish();
}

const emptyRows = (widths: ReadonlyMap<Site, number>, rows: number): Map<Site, Matrix> =>
  new Map([...widths].map(([site, width]) => [site, matrix(rows, width)]));

const rowsIn = (batch: TextBatch, { firstRow }: DividedTexts): number =>
  batch.reduce((sum, t) => sum + (firstRow[t + 1] as number) - (firstRow[t] as number), 0);

/** The matrices without their first rows, as views. */
const dropRows = (activations: ReadonlyMap<Site, Matrix>, count: number): Map<Site, Matrix> =>
  new Map(
    [...activations].map(([site, { rows, columns, data }]) => [
      site,
      matrix(rows - count, columns, data.subarray(count * columns)),
    ]),
  );

const rowsOf = (
  { text, position, token }: Provenance,
  start: number,
  end: number,
  activations: ReadonlyMap<Site, Matrix>,
): ActivationRows => ({
  text: text.subarray(start, end),
  position: position.subarray(start, end),
  token: token.subarray(start, end),
  activations,
});

/** SHA-256 of the lengths and ids of all texts. */
function hashTexts(texts: TokenRows): string {
  const hash = createHash('sha256');
  for (const text of texts) {
    const ids = Int32Array.from([text.length, ...Array.from(text)]);
    hash.update(new Uint8Array(ids.buffer));
  }
  return hash.digest('hex');
}

const stopped = (done: number, total: number, cause: unknown): FeedprintError =>
  new FeedprintError({
    code: 'cancelled',
    message: `stopped after ${done} of ${total} tokens`,
    remedy: 'capture again with the same options to continue',
    cause,
  });
