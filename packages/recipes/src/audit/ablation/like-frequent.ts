import type { Random } from '@feedprint/core';
import { randomOf } from '../random.ts';
import { featureId } from '../features/feature-id.ts';
import type { SiteFeature } from '../features/feature-id.ts';
import { known } from '../known.ts';
import type { AuditSettings } from '../settings.ts';

/** What decides which random features are drawn. */
export interface ControlContext {
  readonly settings: Pick<AuditSettings, 'seed' | 'randomAblations'>;
}

/** Share of held-out rows on which each feature of a site is active, by site. */
export type Densities = ReadonlyMap<string, readonly number[]>;

/** Number of features nearest in frequency that a feature is compared with, or from which one is drawn. */
const LIKE = 20;
/** Below this density, features count as equally rare. */
const RAREST = 1e-4;

/**
 * The random sets that a set of features is compared with: for each of its features, another one of the same site,
 * drawn from the 20 whose log density is nearest; none of the set itself, and none twice. Always the same for the same
 * `name`. Empty if a site has too few others.
 */
export function controlDraws(
  context: ControlContext,
  name: string,
  features: readonly SiteFeature[],
  densities: Densities,
): (readonly SiteFeature[])[] {
  const random = randomOf(context, `random features like ${name}`);
  return Array.from({ length: context.settings.randomAblations }, (_, i) =>
    drawLikeFrequent(features, densities, random.fork(`${i + 1}`)),
  ).filter((draw) => draw !== undefined);
}

function drawLikeFrequent(
  features: readonly SiteFeature[],
  densities: Densities,
  random: Random,
): readonly SiteFeature[] | undefined {
  const taken = new Set(features.map(featureId));
  const drawn: SiteFeature[] = [];
  for (const target of features) {
    const near = likeFrequent(target, densities, taken);
    const chosen = near[random.integer(near.length)];
    if (!chosen) return undefined;
    taken.add(featureId(chosen));
    drawn.push(chosen);
  }
  return drawn;
}

/** The 20 other features of a feature's site, without those already taken, whose density is nearest. */
export function likeFrequent(
  { site, feature }: SiteFeature,
  densities: Densities,
  taken: ReadonlySet<string> = new Set(),
): SiteFeature[] {
  const density = known(densities.get(site), site);
  const size = (index: number): number => Math.log((density[index] ?? 0) + RAREST);
  const own = size(feature);
  return density
    .map((_, other) => ({ site, feature: other, distance: Math.abs(size(other) - own) }))
    .filter((other) => other.feature !== feature && !taken.has(featureId(other)))
    .sort((a, b) => a.distance - b.distance || a.feature - b.feature)
    .slice(0, LIKE);
}

/** Mean number of the features that are active per token. */
export const densityOf = (features: readonly SiteFeature[], densities: Densities): number =>
  features.reduce(
    (sum, { site, feature }) => sum + (known(densities.get(site), site)[feature] ?? 0),
    0,
  );
