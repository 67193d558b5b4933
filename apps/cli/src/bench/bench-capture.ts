import { batchInOrder, batching, divideTexts, paddingShare } from '@feedprint/activations';
import type { LanguageModel, Site } from '@feedprint/core';
import { checkTokens, encodeTexts } from '../capture/encode-texts.ts';
import { median } from './median.ts';

export interface CaptureBench {
  /** Loads the model; counted as start-up. */
  readonly load: () => Promise<LanguageModel>;
  readonly texts: readonly string[];
  /** Name of the texts' file. */
  readonly file: string;
  readonly maxLength: number;
  /** The model's sites to capture. */
  readonly sitesOf: (model: LanguageModel) => readonly Site[];
  readonly threads: number;
  readonly repeat: number;
}

/** One line of numbers. */
export interface CaptureBenchResult {
  readonly model: string;
  readonly texts: number;
  readonly sites: number;
  readonly threads: number;
  readonly tokens: number;
  readonly batches: number;
  /** Of the padded rectangles of all batches. */
  readonly paddingShare: number;
  /** The same for batches of equal size in the order of the texts. */
  readonly paddingShareArrival: number;
  /** Of each repeat. */
  readonly seconds: readonly number[];
  /** By the median of the repeats. */
  readonly tokensPerSecond: number;
  /** From the start of loading to the end of the first batch. */
  readonly startupSeconds: number;
  /** The most memory that the process had. */
  readonly peakMemoryBytes: number;
}

/**
 * Times capture without disk: tokenising, batching by length and the forward passes for all sites, after one round that is not timed.
 * `clock` gives milliseconds.
 */
export async function benchCapture(
  { load, texts, file, maxLength, sitesOf, threads, repeat }: CaptureBench,
  clock: () => number,
): Promise<CaptureBenchResult> {
  const begun = clock();
  const model = await load();
  try {
    const capture = [...sitesOf(model)];
    let startupSeconds: number | undefined;
    const round = async (): Promise<CaptureRound> => {
      const rows = encodeTexts(texts, model, maxLength);
      checkTokens(rows, file);
      const batches = divideTexts(rows, () => true).windows.flatMap((window) => window.batches);
      for (const batch of batches) {
        const some = batch.map((t) => rows[t] as Int32Array);
        await model.run(some, { capture });
        startupSeconds ??= (clock() - begun) / 1000;
      }
      return { rows, batches };
    };
    const { rows, batches } = await round();
    const seconds: number[] = [];
    for (let turn = 0; turn < repeat; turn++) {
      const started = clock();
      await round();
      seconds.push((clock() - started) / 1000);
    }
    const tokens = rows.reduce((sum, { length }) => sum + length, 0);
    const ran = batches.flat().sort((a, b) => a - b);
    const arrival = batchInOrder(rows, ran, batching.batchPositions);
    return {
      model: model.name,
      texts: texts.length,
      sites: capture.length,
      threads,
      tokens,
      batches: batches.length,
      paddingShare: paddingShare(rows, batches),
      paddingShareArrival: paddingShare(rows, arrival),
      seconds,
      tokensPerSecond: tokens / median(seconds),
      startupSeconds: startupSeconds ?? NaN,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    await model.dispose();
  }
}

interface CaptureRound {
  readonly rows: readonly Int32Array[];
  readonly batches: readonly (readonly number[])[];
}
