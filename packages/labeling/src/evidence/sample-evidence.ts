import type { ActivationExample, FeatureEvidence, Random } from '@feedprint/core';
import { activationStatistics } from './activation-statistics.ts';
import { activeWindows } from './active-windows.ts';
import type { Peak } from './active-windows.ts';
import { silentWindows } from './silent-windows.ts';
import { cutWindow } from './window.ts';
import type { FeatureTexts, WindowCounts } from './window.ts';

export interface EvidenceCounts {
  readonly explain: WindowCounts;
  readonly select: WindowCounts;
  readonly score: WindowCounts;
}

/** Eight windows to explain; four strong and four of all strengths to score, against as many silent ones of three kinds. */
export const usualCounts: EvidenceCounts = {
  explain: { top: 5, quantile: 3, random: 0, silent: 2, neighbour: 1, similar: 1 },
  select: { top: 3, quantile: 3, random: 0, silent: 2, neighbour: 2, similar: 2 },
  score: { top: 4, quantile: 4, random: 0, silent: 4, neighbour: 2, similar: 2 },
};

const purposes = ['explain', 'score', 'select'] as const;

/**
 * Windows around the activations of a feature. Every text serves one purpose only: texts are dealt in turn, active ones by
 * their strongest activation and then the silent ones in random order, so that what explains, what selects and what scores are
 * disjoint and alike. Missing kinds are made up for by random ones.
 */
export function sampleEvidence(
  texts: FeatureTexts,
  random: Random,
  counts: EvidenceCounts = usualCounts,
): FeatureEvidence {
  const peaks = texts.activations.map((values, text): Peak => {
    const value = values.reduce((a, b) => Math.max(a, b), 0);
    return { text, value, at: values.indexOf(value) };
  });
  const active = peaks
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || a.text - b.text);
  const silent = random
    .fork('silent texts')
    .shuffle(peaks.filter(({ value }) => value === 0).map(({ text }) => text));

  const drawn = Object.fromEntries(
    purposes.map((purpose, turn) => {
      const dealt = <T>(all: readonly T[]): T[] =>
        all.filter((_, i) => i % purposes.length === turn);
      const own = random.fork(purpose);
      const chosen = activeWindows(dealt(active), counts[purpose], own);
      const used = new Set(chosen.map(({ peak }) => peak.text));
      const windows = chosen.map(({ peak, kind }) => cutWindow(texts, peak.text, peak.at, kind));
      const others = dealt(active).flatMap(({ text }) => (used.has(text) ? [] : [text]));
      const pool = [...dealt(silent), ...own.shuffle(others)];
      return [
        purpose,
        { windows, silent: silentWindows(texts, pool, windows, counts[purpose], own) },
      ];
    }),
  ) as Record<(typeof purposes)[number], Record<'windows' | 'silent', ActivationExample[]>>;
  return {
    id: texts.id,
    top: drawn.explain.windows,
    contrast: drawn.explain.silent,
    selection: { active: drawn.select.windows, silent: drawn.select.silent },
    heldOutActive: drawn.score.windows,
    heldOutSilent: drawn.score.silent,
    maxActivation: active[0]?.value ?? 0,
    statistics: activationStatistics(texts.activations),
  };
}
