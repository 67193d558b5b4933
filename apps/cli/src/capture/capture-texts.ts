import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  captureActivations,
  createShardedStoreFormat,
  divideTexts,
  paddingShares,
} from '@feedprint/activations';
import type { PaddingShares, StoreDtype } from '@feedprint/activations';
import type { LanguageModel, Site, StoreOrigin } from '@feedprint/core';
import { tryModel } from '@feedprint/recipes';
import type { Io } from '../io.ts';
import { createProgressReporter } from '../progress.ts';
import { sayRead } from '../texts.ts';
import type { Read } from '../texts.ts';
import { checkTokens } from './check-tokens.ts';

export interface CaptureTask {
  readonly model: LanguageModel;
  /** Token ids of each text. */
  readonly rows: readonly Int32Array[];
  /** Name of the texts' file. */
  readonly file: string;
  /** What people are told of it. */
  readonly read: Read;
  readonly sites: readonly Site[];
  readonly out: string;
  readonly dtype: StoreDtype;
  /** What else decides the bits. */
  readonly origin: StoreOrigin;
}

/** What a capture left on disk and how it went. */
export interface CaptureSummary extends PaddingShares {
  readonly out: string;
  readonly rows: number;
  readonly texts: number;
  readonly sites: readonly Site[];
  readonly dtype: StoreDtype;
  readonly bytes: number;
  /** Of the rows that this start computed, writing included; null if there were none left. */
  readonly tokensPerSecond: number | null;
}

/** Captures texts into a folder and shows the progress; continues what is there. */
export async function captureTexts(task: CaptureTask, io: Io): Promise<CaptureSummary> {
  const { model, rows, file, read, sites, out, dtype, origin } = task;
  checkTokens(rows, file);
  await tryModel(model, rows.find(({ length }) => length > 0) as Int32Array, sites);
  sayRead(read, io);
  const stage = 'capture';
  const progress = createProgressReporter(io);
  progress.event({ type: 'run-started', name: file, stages: [stage] });
  progress.event({ type: 'stage-started', stage });
  const started = io.now().getTime();
  let before: number | undefined;
  let computed = 0;
  try {
    const store = await captureActivations(model, rows, {
      sites,
      store: createShardedStoreFormat({ dtype }),
      folder: out,
      origin,
      signal: io.signal,
      onProgress: (done, total) => {
        before ??= done;
        computed = done - before;
        // Of what was left to do, so that the rate is of this start.
        if (computed > 0) {
          progress.event({
            type: 'stage-progress',
            stage,
            done: computed,
            total: total - before,
            unit: 'tokens',
          });
        }
      },
    });
    const seconds = (io.now().getTime() - started) / 1000;
    progress.event({ type: 'stage-finished', stage, reused: computed === 0 });
    const isKept = (id: number): boolean => !model.tokenizer.specialIds.has(id);
    return {
      out,
      rows: store.rows,
      texts: rows.length,
      sites: store.sites,
      dtype,
      bytes: bytesIn(out),
      ...paddingShares(rows, divideTexts(rows, isKept)),
      tokensPerSecond: computed > 0 && seconds > 0 ? computed / seconds : null,
    };
  } finally {
    progress.stop();
  }
}

const bytesIn = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
