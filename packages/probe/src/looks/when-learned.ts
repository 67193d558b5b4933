/** An effect as it was at one step of a training. */
export interface EffectAtStep {
  readonly step: number;
  readonly effect: number;
  /** Whether it was judged as learned then. */
  readonly isLearned: boolean;
}

export interface WhenLearned {
  /** The first step at which it was judged as learned; null if it never was. */
  readonly first: number | null;
  /** The step at which the effect first had half of its final size, between looks by a straight line from nothing at step 0; null where the final effect is none. */
  readonly half: number | null;
}

/** When in a training something was learned; steps rise. */
export const whenLearned = (looks: readonly EffectAtStep[]): WhenLearned => ({
  first: looks.find(({ isLearned }) => isLearned)?.step ?? null,
  half: halfTime(looks),
});

function halfTime(looks: readonly EffectAtStep[]): number | null {
  const final = looks.at(-1)?.effect ?? 0;
  if (final === 0) return null;
  let before = { step: 0, share: 0 };
  for (const { step, effect } of looks) {
    const now = { step, share: effect / final };
    if (now.share >= 0.5) {
      const along = (0.5 - before.share) / (now.share - before.share);
      return before.step + along * (now.step - before.step);
    }
    before = now;
  }
  return null;
}
