import type { TinyPair } from './tiny-pair.ts';

/** Flags of an audit, by name; `true` for one without a value, `undefined` leaves one out. */
export type Flags = Readonly<Record<string, string | number | true | undefined>>;

/** The command line of an audit of a tiny pair, small enough for tests. */
export function auditArgs(pair: TinyPair, out: string, changes: Flags = {}): string[] {
  const flags: Flags = {
    base: pair.base,
    tuned: pair.tuned,
    texts: pair.texts,
    feedback: 'vader',
    out,
    layers: 1,
    'sae-tokens': 20_000,
    threads: 1,
    ...changes,
  };
  return [
    'audit',
    ...Object.entries(flags).flatMap(([name, value]) => {
      if (value === undefined) return [];
      return value === true ? [`--${name}`] : [`--${name}`, `${value}`];
    }),
  ];
}
