import { FeedprintError } from '@feedprint/core';
import { parsePairColumns, readPreferencePairs } from '@feedprint/feedback';
import { pinpointModel, prepareContrast } from '@feedprint/recipes';
import type { FinetuneMethod, Pinpointed } from '@feedprint/recipes';
import type { Io } from '../io.ts';
import { openModel } from '../model-options.ts';
import { alignColumns } from '../tables.ts';
import type { FinetuneFlags } from './flags.ts';
import { withFinetuneInputs } from './inputs.ts';
import { withTraining } from './on-files.ts';

/** Tunes the modules that carry a behaviour most, and for comparison random ones and all. Throws `usage` without `--contrast`, and what `pinpointModel` throws. */
export async function pinpointOnFiles(
  method: FinetuneMethod,
  flags: FinetuneFlags,
  io: Io,
): Promise<Pinpointed> {
  const { contrast: file, pinpoint: modules = 0, seed, map, threads, device } = flags;
  if (file === undefined) {
    throw new FeedprintError({
      code: 'usage',
      message: '--pinpoint does not say which behaviour',
      remedy:
        'add --contrast, a file of prompts with an answer that shows it and one that does not',
    });
  }
  const columns = map === undefined ? {} : { map: parsePairColumns(map) };
  const pairs = await readPreferencePairs(file, columns);
  return withFinetuneInputs(flags, (inputs) => {
    const contrast = prepareContrast(pairs, { encoder: inputs.encoder, seed });
    const open = (folder: string) => openModel(folder, { threads, device });
    return withTraining(method, flags, { inputs, io }, (training) =>
      pinpointModel({ ...training, contrast, modules, open }),
    );
  });
}

/** What became of a behaviour by each way of tuning. */
export function describePinpointed({ ranked, before, tunings }: Pinpointed): string {
  const cells = ({ mean, standardError, rate }: Pinpointed['before']): string[] => [
    `${mean.toFixed(3)} +- ${standardError.toFixed(3)}`,
    `${(100 * rate).toFixed(1)} %`,
  ];
  const rows = [
    ['', 'numbers trained', 'behaviour, nats', 'shown', 'KL, nats per token'],
    ['base', '', ...cells(before), ''],
    ...tunings.map(({ name, trained, behaviour, kl }) => [
      name,
      trained.toLocaleString('en'),
      ...cells(behaviour),
      kl.toFixed(4),
    ]),
  ];
  const [strongest] = ranked;
  return [
    `Modules by what they carry of the behaviour, nats: ${ranked
      .slice(0, 8)
      .map(({ site, effect }) => `${site} ${effect.toFixed(3)}`)
      .join(', ')}${ranked.length > 8 ? ', ...' : ''}`,
    '',
    ...alignColumns(rows, new Set([1, 2, 3, 4])),
    '',
    ...(strongest && strongest.effect <= 0 ? ['No module carries the behaviour alone.', ''] : []),
  ].join('\n');
}
