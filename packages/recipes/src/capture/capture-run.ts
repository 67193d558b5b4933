import { basename, join, resolve } from 'node:path';
import { createShardedStoreFormat, openCapture } from '@feedprint/activations';
import type { OpenCapture, StoreDtype } from '@feedprint/activations';
import type { ActivationStore, LanguageModel, Site, StoreOrigin, TokenRows } from '@feedprint/core';
import { defineStage, readJson, withRun, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import type { FollowedRun } from '../followed-run.ts';

export interface CaptureRunOptions extends FollowedRun {
  readonly model: LanguageModel;
  /** Token ids of each text. */
  readonly texts: TokenRows;
  /** What the texts are called. */
  readonly textsName: string;
  readonly sites: readonly Site[];
  readonly dtype: StoreDtype;
  /** What else decides the bits. */
  readonly origin: StoreOrigin;
  /** Folder of the activations; the run is kept in `run` below it, and an interrupted one continues. */
  readonly out: string;
}

/** A capture that is complete. */
export interface CapturedRun {
  readonly store: ActivationStore;
  /** Rows that this start computed. */
  readonly computed: number;
}

interface CaptureContext extends Pick<CaptureRunOptions, 'sites' | 'dtype'> {
  readonly open: OpenCapture;
  /** Told of the rows that this start has computed. */
  readonly onComputed: (rows: number) => void;
}

const doneSchema = z.strictObject({ rows: z.int(), sites: z.array(z.string()) });

/** The rows that are not there yet; they lie beside the run, where they are used. */
const capture = defineStage({
  name: 'capture',
  needs: {},
  config: ({ open, sites, dtype }: CaptureContext) => ({ origin: open.origin, sites, dtype }),
  work: async ({ context, folder, stage }) => {
    const { signal } = stage;
    let before: number | undefined;
    const store = await context.open.run({
      signal,
      onProgress: (done, total) => {
        before ??= done;
        const computed = done - before;
        context.onComputed(computed);
        // Of what was left to do, so that the rate is of this start.
        if (computed > 0 && !signal.aborted) stage.progress(computed, total - before, 'tokens');
      },
    });
    const { rows, sites } = store;
    await writeJson(folder, 'captured.json', { rows, sites });
  },
  read: (folder) => readJson(folder, 'captured.json', doneSchema),
});

/**
 * Captures a model's activations on texts into a folder as a run that lists show: with progress, settings, and what it left as its
 * finding. The activations are those of `captureActivations`. Throws `run-invalid` for a folder with another capture or
 * anything else, before anything is written; then `cancelled`, `output-unwritable`.
 */
export async function captureRun(options: CaptureRunOptions): Promise<CapturedRun> {
  const { model, texts, textsName, sites, dtype, out, version, origin } = options;
  const { command, now, signal, onEvent } = options;
  const format = createShardedStoreFormat({ dtype });
  const open = await openCapture(model, texts, { sites, store: format, folder: out, origin });
  let computed = 0;
  const context: CaptureContext = {
    ...{ open, sites, dtype },
    onComputed: (rows) => (computed = rows),
  };
  return withRun(
    {
      folder: join(out, 'run'),
      name: basename(resolve(out)),
      description: {
        format: 'feedprint-capture-run/1',
        feedprint: version,
        inputs: { model: model.fingerprint, texts: open.origin['texts'] },
        settings: { ...origin, sites: sites.join(', '), dtype, texts: texts.length },
      },
      stages: [capture],
      context,
      // Another capture was refused above; the same one may name its model otherwise.
      overwrite: true,
      worksOn: { model: model.name, texts: textsName },
      ...{ command, now, signal, onEvent },
    },
    async (run) => {
      const { capture: done } = await run.outputs({ capture });
      const places = `${done.sites.length} ${done.sites.length === 1 ? 'site' : 'sites'}`;
      run.store.append({
        ...{ type: 'finding', stage: 'capture' },
        text: `${done.rows.toLocaleString('en-US')} rows at ${places}, of ${texts.length.toLocaleString('en-US')} texts`,
      });
      return { store: await format.open(out), computed };
    },
  );
}
