import type { Artifact, AuditReport, Edit, Random } from '@feedprint/core';
import { randomOf, saeName, seedOf } from './context.ts';
import type { AuditContext } from './context.ts';
import { known } from './files.ts';
import type { LabeledFeature } from './label.ts';
import { readTraining } from './train-saes.ts';
import type { TunedSaes } from './validate.ts';

/** Candidates of like frequency from which a random feature is drawn. */
const LIKE = 5;

export interface AblateOptions {
  readonly labels: readonly LabeledFeature[];
  readonly saes: TunedSaes;
  readonly artifacts: ReadonlyMap<string, Artifact>;
  readonly tick: () => void;
}

type AblationRun = AuditReport['validation']['ablation'][number];

/**
 * Feedback of what the tuned model writes, unmodified; with the related features off; with as many random features of
 * like frequency off; with the features that carry most of the shift off; and with every site replaced by its reconstruction. All runs share prompts and random streams.
 */
export async function ablateGenerations(
  context: AuditContext,
  options: AblateOptions,
): Promise<AblationRun[]> {
  const { labels, saes, artifacts, tick } = options;
  const related = labels.filter((label) => label.related === true);
  const random = randomOf(context, 'random ablation');
  const densities = new Map<string, readonly number[]>();
  for (const site of context.sites) {
    const training = await readTraining(
      known(artifacts.get(saeName('tuned', 'small', site)), site.site),
    );
    densities.set(site.site, training.metrics.density);
  }
  const runs: {
    name: string;
    kind: AblationRun['kind'];
    features: number;
    edits: readonly Edit[];
  }[] = [{ name: 'unmodified', kind: 'none', features: 0, edits: [] }];
  if (related.length > 0) {
    runs.push({
      name: 'related off',
      kind: 'related',
      features: related.length,
      edits: editsOf(saes, related),
    });
    for (let draw = 1; draw <= context.settings.randomAblations; draw++) {
      const chosen = likeFrequent(related, densities, random.fork(`${draw}`));
      runs.push({
        name: `random ${draw} off`,
        kind: 'random',
        features: chosen.length,
        edits: editsOf(saes, chosen),
      });
    }
  }
  const carriers = strongestCarriers(labels);
  runs.push({
    name: 'carriers off',
    kind: 'carriers',
    features: carriers.length,
    edits: editsOf(saes, carriers),
  });
  runs.push({
    name: 'reconstruction only',
    kind: 'reconstruction',
    features: 0,
    edits: [...saes.values()].map((sae) => sae.reconstruct()),
  });
  const results: AblationRun[] = [];
  for (const { name, kind, features, edits } of runs) {
    const rewards = await generationRewards(context, edits);
    const { value, low, high } = context.parts.statistics.mean(
      rewards,
      seedOf(context, `ablation ${name}`),
    );
    results.push({
      name,
      kind,
      features,
      reward: value,
      interval: { low, high },
      n: rewards.length,
    });
    tick();
  }
  return results;
}

interface SiteFeature {
  readonly site: string;
  readonly feature: number;
}

function editsOf(saes: TunedSaes, features: readonly SiteFeature[]): Edit[] {
  const sites = [...new Set(features.map(({ site }) => site))];
  return sites.map((site) =>
    known(saes.get(site), site).ablate(
      features.filter((f) => f.site === site).map((f) => f.feature),
    ),
  );
}

/** The half of the examined features that carries most of the shift in its own direction. */
function strongestCarriers(labels: readonly LabeledFeature[]): readonly LabeledFeature[] {
  const shift = Math.sign(labels.reduce((sum, { carries }) => sum + carries, 0));
  return [...labels]
    .filter(({ carries }) => carries * shift > 0)
    .sort((a, b) => Math.abs(b.carries) - Math.abs(a.carries) || a.id.localeCompare(b.id))
    .slice(0, Math.ceil(labels.length / 2));
}

/** For each related feature another one of its site, not related and not drawn before, that is active about as often. */
function likeFrequent(
  related: readonly SiteFeature[],
  densities: ReadonlyMap<string, readonly number[]>,
  random: Random,
): SiteFeature[] {
  const taken = new Set(related.map(({ site, feature }) => `${site}/${feature}`));
  return related.flatMap(({ site, feature }) => {
    const density = known(densities.get(site), site);
    const own = density[feature] ?? 0;
    const near = density
      .map((value, other) => ({ other, distance: Math.abs(value - own) }))
      .filter(({ other }) => !taken.has(`${site}/${other}`))
      .sort((a, b) => a.distance - b.distance || a.other - b.other)
      .slice(0, LIKE);
    const drawn = near[random.integer(near.length)];
    if (!drawn) return [];
    taken.add(`${site}/${drawn.other}`);
    return [{ site, feature: drawn.other }];
  });
}

/** Summed stated feedback of each completion. */
async function generationRewards(context: AuditContext, edits: readonly Edit[]): Promise<number[]> {
  const { rows, lexicon, settings, models } = context;
  const stated = new Map(lexicon.map(({ id, stated: value }) => [id, value]));
  const long = rows.filter(({ length }) => length > settings.promptTokens);
  const prompts = (long.length > 0 ? long : rows)
    .slice(-settings.prompts)
    .map((row) => row.slice(0, Math.min(settings.promptTokens, row.length - 1)));
  const completions = await models.tuned.generate(prompts, {
    maxNewTokens: settings.newTokens,
    seed: seedOf(context, 'generation'),
    edits,
  });
  return completions.map((tokens) => tokens.reduce((sum, id) => sum + (stated.get(id) ?? 0), 0));
}
