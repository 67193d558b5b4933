import type { AuditReport, Edit, Random } from '@feedprint/core';
import { randomOf, seedOf } from './context.ts';
import type { AuditContext } from './context.ts';
import { known } from './files.ts';
import type { LabeledFeature } from './label.ts';
import { readTraining, saeArtifact } from './train-saes.ts';
import type { SaeArtifacts } from './train-saes.ts';
import type { TunedSaes } from './validate.ts';

/** Candidates of like frequency from which a random feature is drawn. */
const LIKE = 5;

export interface AblateOptions {
  readonly labels: readonly LabeledFeature[];
  /** Mean shift of the expected feedback, whose direction the carriers share. */
  readonly shift: number;
  readonly saes: TunedSaes;
  readonly artifacts: SaeArtifacts;
  readonly tick: () => void;
}

type AblationRun = AuditReport['validation']['ablation'][number];

interface Ablation extends Pick<AblationRun, 'name' | 'kind' | 'against' | 'features'> {
  readonly edits: readonly Edit[];
}

/**
 * Feedback of what the tuned model writes: unmodified; with the related features off, and with the features off that
 * carry most of the shift, each beside draws of as many random features of like frequency; and with every site replaced
 * by its reconstruction. All runs share prompts and random streams.
 */
export async function ablateGenerations(
  context: AuditContext,
  options: AblateOptions,
): Promise<AblationRun[]> {
  const results: AblationRun[] = [];
  for (const { edits, ...ablation } of await plan(context, options)) {
    const rewards = await generationRewards(context, edits);
    const { value, low, high } = context.parts.statistics.mean(
      rewards,
      seedOf(context, `ablation ${ablation.name}`),
    );
    results.push({ ...ablation, reward: value, interval: { low, high }, n: rewards.length });
    options.tick();
  }
  return results;
}

/** Runs that `ablateGenerations` makes at most. */
export const mostAblations = (draws: number): number => 2 + 2 * (1 + draws);

async function plan(
  context: AuditContext,
  { labels, shift, saes, artifacts }: AblateOptions,
): Promise<Ablation[]> {
  const densities = new Map<string, readonly number[]>();
  for (const site of context.sites) {
    const training = await readTraining(saeArtifact(artifacts, 'tuned', 'small', site));
    densities.set(site.site, training.metrics.density);
  }
  const withControls = (
    kind: 'related' | 'carriers',
    features: readonly SiteFeature[],
  ): Ablation[] => {
    if (features.length === 0) return [];
    const random = randomOf(context, `random ablation like ${kind}`);
    const off = { name: `${kind} off`, kind, against: null, features: features.length };
    return [
      { ...off, edits: editsOf(saes, features) },
      ...Array.from({ length: context.settings.randomAblations }, (_, draw): Ablation => {
        const chosen = likeFrequent(features, densities, random.fork(`${draw + 1}`));
        return {
          name: `random ${draw + 1}, like ${kind}`,
          kind: 'random',
          against: kind,
          features: chosen.length,
          edits: editsOf(saes, chosen),
        };
      }),
    ];
  };
  const none = { against: null, features: 0 };
  return [
    { ...none, name: 'unmodified', kind: 'none', edits: [] },
    ...withControls(
      'related',
      labels.filter((label) => label.related === true),
    ),
    ...withControls('carriers', strongestCarriers(labels, shift)),
    {
      ...none,
      name: 'reconstruction only',
      kind: 'reconstruction',
      edits: [...saes.values()].map((sae) => sae.reconstruct()),
    },
  ];
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

/** Features that go with the shift's own direction, at most half of those examined, the largest first. */
function strongestCarriers(
  labels: readonly LabeledFeature[],
  shift: number,
): readonly LabeledFeature[] {
  return [...labels]
    .filter(({ carries }) => carries * shift > 0)
    .sort((a, b) => Math.abs(b.carries) - Math.abs(a.carries) || a.id.localeCompare(b.id))
    .slice(0, Math.ceil(labels.length / 2));
}

/** For each feature another one of its site, not among them and not drawn before, that is active about as often. */
function likeFrequent(
  features: readonly SiteFeature[],
  densities: ReadonlyMap<string, readonly number[]>,
  random: Random,
): SiteFeature[] {
  const taken = new Set(features.map(({ site, feature }) => `${site}/${feature}`));
  return features.flatMap(({ site, feature }) => {
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
