import type { Edit, SparseAutoencoder } from '@feedprint/core';
import type { AuditContext } from '../context.ts';
import type { SiteFeature } from '../features/feature-id.ts';
import type { LabeledFeature } from '../features/label.ts';
import { known } from '../known.ts';
import type { AblationRun } from './compare-runs.ts';
import { controlDraws, densityOf } from './like-frequent.ts';
import type { Densities } from './like-frequent.ts';

/** The tuned model's small SAEs, by site. */
export type TunedSaes = ReadonlyMap<string, SparseAutoencoder>;

export type AblationTarget = NonNullable<AblationRun['against']>;

/** One run of generations: what it is, and the edits that make it. */
export interface Ablation extends Pick<
  AblationRun,
  'name' | 'kind' | 'against' | 'draw' | 'features' | 'density'
> {
  readonly edits: readonly Edit[];
}

export interface PlanOptions {
  readonly labels: readonly LabeledFeature[];
  /** Mean shift of the expected feedback, whose direction the carrying features share. */
  readonly shift: number;
  readonly saes: TunedSaes;
  readonly densities: Densities;
}

/**
 * The runs, the unmodified one first: without the related features, and without the features that carry most of the
 * shift, each compared with draws of as many frequency-matched features at the same sites; and with every site replaced
 * by its reconstruction.
 */
export function planAblations(
  context: AuditContext,
  { labels, shift, saes, densities }: PlanOptions,
): Ablation[] {
  const withControls = (kind: AblationTarget, features: readonly SiteFeature[]): Ablation[] => {
    if (features.length === 0) return [];
    const off = (chosen: readonly SiteFeature[]) => ({
      features: chosen.length,
      density: densityOf(chosen, densities),
      edits: editsOf(saes, chosen),
    });
    return [
      { name: `${kind} off`, kind, against: null, draw: null, ...off(features) },
      ...controlDraws(context, kind, features, densities).map((chosen, i): Ablation => {
        const name = `random ${i + 1}, like ${kind}`;
        return { name, kind: 'random', against: kind, draw: i + 1, ...off(chosen) };
      }),
    ];
  };
  const none = { against: null, draw: null, features: 0, density: 0 };
  return [
    { ...none, name: 'unmodified', kind: 'none', edits: [] },
    ...withControls(
      'related',
      labels.filter((label) => label.related === true),
    ),
    ...withControls('carriers', strongestCarriers(labels, shift, context.settings.labeled)),
    {
      ...none,
      name: 'reconstruction only',
      kind: 'reconstruction',
      edits: [...saes.values()].map((sae) => sae.reconstruct()),
    },
  ];
}

function editsOf(saes: TunedSaes, features: readonly SiteFeature[]): Edit[] {
  const sites = [...new Set(features.map(({ site }) => site))];
  return sites.map((site) =>
    known(saes.get(site), site).ablate(
      features.filter((f) => f.site === site).map((f) => f.feature),
    ),
  );
}

/** Features that go in the shift's own direction, at most half as many as were to be examined, the largest first. */
function strongestCarriers(
  labels: readonly LabeledFeature[],
  shift: number,
  examined: number,
): readonly LabeledFeature[] {
  return [...labels]
    .filter(({ carries }) => carries * shift > 0)
    .sort((a, b) => Math.abs(b.carries) - Math.abs(a.carries) || a.id.localeCompare(b.id))
    .slice(0, Math.ceil(Math.min(labels.length, examined) / 2));
}
