import { FeedprintError } from '@feedprint/core';
import type { LanguageModel, Site, SiteInfo } from '@feedprint/core';
import { checkSites } from '@feedprint/recipes';

/** Ends the help of an option that takes sites as `chooseSites` does. */
export const sitesHelp = ', separated by commas; * matches anything';

/**
 * The model's sites by their names or by patterns in which `*` stands for anything but nothing: `blocks.*.hook_mlp_out`. In the order
 * asked for, each once. Throws `usage` for what the model has not.
 */
export function chooseSites(model: LanguageModel, patterns: readonly string[]): Site[] {
  const chosen = patterns.flatMap((pattern) => {
    if (!pattern.includes('*')) return [pattern];
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    const matcher = new RegExp(`^${parts.join('.+')}$`);
    const found = model.sites.filter(({ site }) => matcher.test(site));
    if (found.length > 0) return found.map(({ site }) => site);
    throw new FeedprintError({
      code: 'usage',
      message: `no site of ${model.name} matches ${pattern}`,
      remedy: 'see its sites with feedprint inspect --model',
    });
  });
  checkSites(model, chosen);
  return [...new Set(chosen)];
}

/** Sites of one name in several blocks. */
export interface SiteGroup {
  /** `blocks.0..5.hook_mlp_out`, or the site's own name if it is alone. */
  readonly name: string;
  readonly width: number;
}

/** Sites with the blocks that have the same put together, in the model's order. */
export function groupSites(sites: readonly SiteInfo[]): SiteGroup[] {
  const groups = new Map<string, { rest: string; width: number; layers: number[] }>();
  for (const { site, layer, width } of sites) {
    const rest = layer === undefined ? site : site.replace(`blocks.${layer}.`, '');
    const key = `${rest} ${width} ${layer === undefined}`;
    const group = groups.get(key) ?? { rest, width, layers: [] };
    if (layer !== undefined) group.layers.push(layer);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ rest, width, layers }) => ({
    name: layers.length === 0 ? rest : `blocks.${ranges(layers)}.${rest}`,
    width,
  }));
}

/** `0..5`, `3`, or `0..1,4..5`. */
function ranges(layers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const layer of [...layers].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && layer === last[1] + 1) last[1] = layer;
    else runs.push([layer, layer]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}..${to}`)).join(',');
}
