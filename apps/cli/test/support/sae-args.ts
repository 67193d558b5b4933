import type { Flags } from './flags.ts';
import type { TinyPair } from './tiny-pair.ts';

export const SITE = 'blocks.1.hook_mlp_out';

/** A command line of flags by name; `true` for one without a value, `undefined` leaves one out. */
export const commandLine = (command: string, flags: Flags): string[] => [
  ...command.split(' '),
  ...Object.entries(flags).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return value === true ? [`--${name}`] : [`--${name}`, `${value}`];
  }),
];

/** Trains an SAE of 32 features on a tiny model, within a second. */
export const trainArgs = (pair: TinyPair, out: string, changes: Flags = {}): string[] =>
  commandLine('sae train', {
    model: pair.base,
    site: SITE,
    texts: pair.texts,
    out,
    width: 32,
    k: 'kind' in changes ? undefined : 4,
    batch: 128,
    tokens: 6000,
    threads: 1,
    ...changes,
  });
