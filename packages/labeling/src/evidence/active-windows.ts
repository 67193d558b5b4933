import type { Random } from '@feedprint/core';
import type { WindowCounts } from './window.ts';

/** A text's strongest activation. */
export interface Peak {
  readonly text: number;
  readonly value: number;
  readonly at: number;
}

interface ChosenPeak {
  readonly peak: Peak;
  readonly kind: 'top' | 'quantile' | 'random';
}

/** Chooses among peaks that are in order, strongest first: the strongest, one of each share of the others, any of the rest. */
export function activeWindows(
  peaks: readonly Peak[],
  { top, quantile, random: any }: WindowCounts,
  random: Random,
): ChosenPeak[] {
  const strongest = peaks.slice(0, top);
  const others = peaks.slice(top);
  const shares = Math.min(quantile, others.length);
  const byShare = Array.from({ length: shares }, (_, share) => {
    const from = Math.floor((share * others.length) / shares);
    const to = Math.floor(((share + 1) * others.length) / shares);
    return others[from + random.integer(to - from)] as Peak;
  });
  const rest = random.shuffle(others.filter((peak) => !byShare.includes(peak))).slice(0, any);
  return [
    ...strongest.map((peak) => ({ peak, kind: 'top' as const })),
    ...byShare.map((peak) => ({ peak, kind: 'quantile' as const })),
    ...rest.map((peak) => ({ peak, kind: 'random' as const })),
  ];
}
