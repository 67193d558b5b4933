import { FeedprintError } from '@feedprint/core';
import type { SaeJob } from '@feedprint/core';
import type { SaeTrainingSettings } from './settings.ts';

/** Values to try, by what they set: `site`, `dSae`, `seed`, or a training setting. */
export type SweepGrid = {
  readonly [Name in keyof SaeTrainingSettings]?: readonly SaeTrainingSettings[Name][];
} & {
  readonly site?: readonly string[];
  readonly dSae?: readonly number[];
  readonly seed?: readonly number[];
};

/**
 * A job per combination of the grid's values, with the last name varying fastest. Jobs are named after what varies:
 * `k=16,dSae=768`. Throws `usage` for several sites with one metric, which can belong to only one of them.
 */
export function sweepJobs(base: Omit<SaeJob, 'name'>, grid: SweepGrid): SaeJob[] {
  if (base.metric && (grid.site?.length ?? 0) > 0) {
    throw new FeedprintError({
      code: 'usage',
      message: 'a sweep over sites was given one metric',
      remedy: 'run one sweep per site, each with the metric of that site',
    });
  }
  const axes = Object.entries(grid) as [string, readonly unknown[]][];
  const combinations = axes.reduce<Readonly<Record<string, unknown>>[]>(
    (points, [name, values]) =>
      points.flatMap((point) => values.map((value) => ({ ...point, [name]: value }))),
    [{}],
  );
  const varying = axes.filter(([, values]) => values.length > 1).map(([name]) => name);
  return combinations.map((point) => {
    const { site = base.site, dSae = base.dSae, seed = base.seed, ...settings } = point;
    return {
      ...base,
      name: varying.map((name) => `${name}=${JSON.stringify(point[name])}`).join() || 'sae',
      site: site as string,
      dSae: dSae as number,
      seed: seed as number,
      settings: { ...base.settings, ...settings },
    };
  });
}
