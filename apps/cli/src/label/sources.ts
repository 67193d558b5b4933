import { join } from 'node:path';
import { createShardedStoreFormat } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import type { FeedbackSignal } from '@feedprint/core';
import { createAuditStatistics } from '@feedprint/probe';
import { auditSource, recordsSource, saeSource } from '@feedprint/recipes';
import type { LabelSource } from '@feedprint/recipes';
import { createSaeLensFormat, readSae } from '@feedprint/sae';
import type { Io } from '../io.ts';
import { withInputs } from '../sae/inputs.ts';
import { sayRead } from '../texts.ts';

/** Which features are labelled. */
export interface SourceFlags {
  readonly run?: string;
  readonly sae?: string;
  readonly records?: string;
  readonly saeModel?: string;
  readonly texts?: string;
  readonly maxTexts: number;
  readonly feature?: readonly number[];
  readonly maxFeatures: number;
  readonly seed: number;
  readonly threads: number;
  readonly revision?: string;
  readonly offline?: boolean;
}

/** Features to label, and the folder that labels usually lie below. */
export interface OpenSource {
  readonly source: LabelSource;
  readonly folder: string;
  /** The question and the feedback of an audit. */
  readonly question?: string;
  readonly signal?: Pick<FeedbackSignal<'token'>, 'score'>;
}

/** Opens what the flags name for `work`. Throws `usage` for flags that are missing, and what reading them throws. */
export async function withLabelSource(
  flags: SourceFlags,
  io: Io,
  work: (open: OpenSource) => Promise<void>,
): Promise<void> {
  const { run, sae, records, saeModel, texts, threads, maxFeatures: limit, seed, feature } = flags;
  const given = [run, sae, records].filter((source) => source !== undefined).length;
  if (given !== 1) {
    throw usage(
      given === 0
        ? 'there is neither an audit nor an SAE nor a folder of records'
        : 'there are several of an audit, an SAE and a folder of records',
      'give one of --run, --sae and --records',
    );
  }
  if (records !== undefined) {
    return work({
      source: recordsSource({ folder: records, limit }),
      folder: join(records, 'labels'),
    });
  }
  if (run !== undefined) {
    const parts = {
      activations: createShardedStoreFormat(),
      saeFormat: createSaeLensFormat({ threads }),
      statistics: createAuditStatistics(),
    };
    const source = await auditSource({ folder: run, limit, parts });
    const { question, signal } = source;
    return work({ source, question, signal, folder: join(run, 'labels') });
  }
  if (sae === undefined || saeModel === undefined || texts === undefined) {
    throw usage('an SAE alone says nothing', 'also give --sae-model and --texts');
  }
  const loaded = await readSae(sae, { threads });
  try {
    await withInputs(
      { ...flags, model: saeModel, texts },
      async ({ model, texts: { rows }, read }) => {
        sayRead(read, io);
        const source = saeSource({
          ...{ model, sae: loaded, limit, seed },
          rows: rows.map((row) => Int32Array.from(row)),
          ...(feature && { features: feature }),
        });
        await work({ source, folder: join(sae, 'labels') });
      },
    );
  } finally {
    await loaded.dispose();
  }
}

const usage = (message: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'usage', message, remedy });
