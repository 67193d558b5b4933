import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { divideTexts, paddingShares } from '@feedprint/activations';
import type { PaddingShares, StoreDtype } from '@feedprint/activations';
import type { LanguageModel, Site, StoreOrigin } from '@feedprint/core';
import { captureRun, tryModel } from '@feedprint/recipes';
import type { Io } from '../io.ts';
import { createProgressReporter } from '../progress.ts';
import { sayRead } from '../texts.ts';
import type { Read } from '../texts.ts';
import { version } from '../version.ts';
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
  /** The command line that starts it. */
  readonly command: string;
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
  const { model, rows, file, read, sites, out, dtype, origin, command } = task;
  checkTokens(rows, file);
  await tryModel(model, rows.find(({ length }) => length > 0) as Int32Array, sites);
  sayRead(read, io);
  const progress = createProgressReporter(io);
  const started = io.now().getTime();
  try {
    const { store, computed } = await captureRun({
      ...{ model, texts: rows, textsName: basename(file), sites, dtype, origin, out, version },
      ...{ command, now: io.now, signal: io.signal },
      // What was captured is printed at the end.
      onEvent: (event) => event.type === 'finding' || progress.event(event),
    });
    const seconds = (io.now().getTime() - started) / 1000;
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

/** Of the activations; the run beside them is small. */
const bytesIn = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { name }) => sum + statSync(join(folder, name)).size, 0);
