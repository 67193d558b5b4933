import { describe, expect, test } from '@jest/globals';
import { createRandom } from '@feedprint/core';
import type { AuditContext } from '../../../src/audit/context.ts';
import {
  controlDraws,
  densityOf,
  likeFrequent,
} from '../../../src/audit/ablation/like-frequent.ts';
import { featureId } from '../../../src/audit/features/feature-id.ts';

const random = createRandom(4);
const densities = new Map(
  ['a', 'b'].map((site) => [site, Array.from({ length: 200 }, () => random.next() ** 3)]),
);
const context = { settings: { seed: 1, randomAblations: 20 } } as unknown as AuditContext;
const targets = [3, 17, 60, 61].flatMap((feature) => [
  { site: 'a', feature },
  { site: 'b', feature: feature + 1 },
]);

describe('random features of like frequency', () => {
  const draws = controlDraws(context, 'related', targets, densities);

  test('are as many, at the same sites, none of the set and none twice', () => {
    expect(draws.length).toBe(20);
    for (const draw of draws) {
      expect(draw.map(({ site }) => site)).toEqual(targets.map(({ site }) => site));
      const keys = new Set([...draw, ...targets].map(featureId));
      expect(keys.size).toBe(2 * targets.length);
    }
  });

  test('are active about as often', () => {
    const own = densityOf(targets, densities);
    for (const draw of draws) {
      expect(Math.abs(Math.log(densityOf(draw, densities) / own))).toBeLessThan(0.3);
      draw.forEach(({ site, feature }, i) => {
        const target = targets[i] as (typeof targets)[number];
        const logs = (densities.get(site) as number[]).map((d) => Math.log(d + 1e-4));
        const rank = logs
          .map((log) => Math.abs(log - (logs[target.feature] as number)))
          .filter(
            (d) => d < Math.abs((logs[feature] as number) - (logs[target.feature] as number)),
          );
        // Among the nearest 20, where none of the set or of the draw stands in the way.
        expect(rank.length).toBeLessThan(20 + 2 * targets.length);
      });
    }
  });

  test('differ from draw to draw and come again for one name', () => {
    expect(new Set(draws.map((draw) => draw.map(featureId).join())).size).toBe(20);
    expect(controlDraws(context, 'related', targets, densities)).toEqual(draws);
    expect(controlDraws(context, 'carriers', targets, densities)).not.toEqual(draws);
  });

  test('are not drawn at all where a site has too few others', () => {
    const few = new Map([['a', [0.1, 0.2, 0.3]]]);
    const two = [0, 1].map((feature) => ({ site: 'a', feature }));
    expect(controlDraws(context, 'related', two, few)).toEqual([]);
    expect(controlDraws(context, 'related', two.slice(1), few).length).toBe(20);
  });

  test('of a single feature are the nearest, by the logarithm of the density', () => {
    const site = 'a';
    const some = new Map([[site, [0.01, 0.02, 0.005, 0.5, 0]]]);
    const order = likeFrequent({ site, feature: 0 }, some).map(({ feature }) => feature);
    expect(order.slice(0, 2).sort()).toEqual([1, 2]);
    expect(order.slice(2)).toEqual([3, 4]);
    expect(likeFrequent({ site, feature: 0 }, densities).length).toBe(20);
  });
});
