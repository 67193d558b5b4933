import { divideTexts, encodeTexts, paddingShares } from '@feedprint/activations';
import type { DividedTexts, PaddingShares, TextBatch } from '@feedprint/activations';
import type { LanguageModel, Site } from '@feedprint/core';
import { checkTokens } from '../capture/check-tokens.ts';
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
export interface CaptureBenchResult extends PaddingShares {
  readonly model: string;
  readonly texts: number;
  readonly sites: number;
  readonly threads: number;
  readonly tokens: number;
  readonly batches: number;
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
      const { rows } = encodeTexts(model, texts, { maxTokens: maxLength });
      checkTokens(rows, file);
      const divided = divideTexts(rows, () => true);
      for (const batch of batchesOf(divided)) {
        const some = batch.map((t) => rows[t] as Int32Array);
        await model.run(some, { capture });
        startupSeconds ??= (clock() - begun) / 1000;
      }
      return { rows, divided };
    };
    const { rows, divided } = await round();
    const seconds: number[] = [];
    for (let turn = 0; turn < repeat; turn++) {
      const started = clock();
      await round();
      seconds.push((clock() - started) / 1000);
    }
    const tokens = rows.reduce((sum, { length }) => sum + length, 0);
    return {
      model: model.name,
      texts: texts.length,
      sites: capture.length,
      threads,
      tokens,
      batches: batchesOf(divided).length,
      ...paddingShares(rows, divided),
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
  readonly divided: DividedTexts;
}

const batchesOf = ({ windows }: DividedTexts): TextBatch[] =>
  windows.flatMap(({ batches }) => batches);
