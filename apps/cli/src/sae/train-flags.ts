import { FeedprintError } from '@feedprint/core';
import type { Site } from '@feedprint/core';
import { checkTarget, saeTrainingSettingsSchema } from '@feedprint/sae';
import type { SaeTrainingSettings } from '@feedprint/sae';
import type { z } from 'zod';
import { rowKindOf } from './activations.ts';
import type { RowKind } from './activations.ts';
import type { EngineFlags } from './engines.ts';
import type { InputFlags } from './inputs.ts';
import { sparsityOf, usualSparsity } from './kinds.ts';
import type { KindName, Sparsity } from './kinds.ts';
import { checkErrorMeasure } from './measure-errors.ts';
import type { ErrorMeasure } from './measure-errors.ts';

/** Flags of `sae train`, parsed one by one. */
export interface TrainFlags extends InputFlags, EngineFlags {
  readonly site: readonly Site[];
  readonly kind: KindName;
  readonly out: string;
  readonly k?: readonly number[];
  readonly l1?: readonly number[];
  readonly l0?: readonly number[];
  readonly width?: readonly number[];
  readonly tokens: number;
  readonly lr?: number;
  readonly batch?: number;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly difference?: boolean;
  readonly error: ErrorMeasure;
  readonly from?: string;
  readonly stream?: boolean;
  readonly checkpointTokens?: number;
  readonly json?: boolean;
}

/** One SAE to train. */
export interface PlannedSae {
  /** What tells it from the others: `k=16,width=768`; `sae` for one alone. */
  readonly name: string;
  readonly site: Site;
  readonly dSae: number;
  readonly settings: Partial<SaeTrainingSettings>;
}

/** What all SAEs share. */
export interface TrainPlan {
  readonly rows: RowKind;
  /** Settings of the trainer. */
  readonly settings: Partial<SaeTrainingSettings>;
  /** The weight or number that makes the features sparse, and its values to try. */
  readonly sparsity: { readonly name: Sparsity; readonly values: readonly number[] };
}

/** Features are this many times the site's units where nobody says. */
const EXPANSION = 8;

/** What the flags ask for. Throws `usage` for flags that contradict each other. */
export function planTraining(flags: TrainFlags): TrainPlan {
  const { kind, tokens, lr, batch, seed } = flags;
  const name = sparsityOf[kind];
  const other = (['k', 'l1', 'l0'] as const).find((flag) => flag !== name && flags[flag]);
  if (other) {
    throw new FeedprintError({
      code: 'usage',
      message: `--${other} does nothing for kind ${kind}`,
      remedy: `make it sparse with --${name}`,
    });
  }
  const rows = rowKindOf({ ...flags, isCrosscoder: kind === 'crosscoder' });
  checkErrorMeasure(flags.error, kind, rows);
  const further = furtherSettings(flags.set ?? {});
  if (typeof further.targetL0 === 'number') checkTarget(kind, further.targetL0);
  return {
    rows,
    settings: {
      kind,
      tokens,
      shuffleSeed: seed,
      ...(lr !== undefined && { learningRate: lr }),
      ...(batch !== undefined && { batchRows: batch }),
      ...further,
    },
    sparsity: { name, values: flags[name] ?? [usualSparsity[name]] },
  };
}

/** Settings that have a flag of their own, which also checks and reports them. */
const flagOf: Readonly<Record<string, string>> = {
  kind: 'kind',
  k: 'k',
  l1: 'l1',
  l0: 'l0',
  tokens: 'tokens',
  shuffleSeed: 'seed',
  learningRate: 'lr',
  batchRows: 'batch',
};

const furtherSettings = (set: Readonly<Record<string, unknown>>): Partial<SaeTrainingSettings> =>
  checkedSettings(set, saeTrainingSettingsSchema.shape, flagOf);

/**
 * Settings given by name, `flags` those that are given otherwise. Throws `usage` for one that is not in the schema, or whose value
 * it refuses.
 */
export function checkedSettings(
  set: Readonly<Record<string, unknown>>,
  shape: Readonly<Record<string, z.ZodType>>,
  flags: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const usage = (message: string, remedy: string): FeedprintError =>
    new FeedprintError({ code: 'usage', message, remedy });
  const names = Object.keys(shape).filter((name) => !Object.hasOwn(flags, name));
  for (const [name, value] of Object.entries(set)) {
    if (Object.hasOwn(flags, name)) {
      throw usage(`--set cannot give ${name}`, `use --${flags[name]}`);
    }
    if (!names.includes(name)) {
      throw usage(`there is no setting ${name}`, `use one of ${names.join(', ')}`);
    }
    const { error } = (shape[name] as z.ZodType).safeParse(value);
    if (error) {
      const problem = error.issues[0]?.message ?? 'not possible';
      throw usage(`${name} cannot be ${JSON.stringify(value)}: ${problem}`, 'give another value');
    }
  }
  return set;
}

/**
 * Every combination of sites, sparsities and widths, the width `features` where flags give none. Throws `usage` for more active
 * features than there are.
 */
export function planSaes(
  { site: sites, width: widths }: TrainFlags,
  { sparsity }: TrainPlan,
  {
    unitsOf,
    features,
  }: { readonly unitsOf: (site: Site) => number; readonly features?: number | undefined },
): PlannedSae[] {
  const all = sites.flatMap((site) =>
    sparsity.values.flatMap((value) =>
      (widths ?? [features ?? EXPANSION * unitsOf(site)]).map((width) => ({ site, value, width })),
    ),
  );
  return all.map(({ site, value, width }) => {
    if (sparsity.name === 'k' && value > width) {
      throw new FeedprintError({
        code: 'usage',
        message: `k = ${value} active features are more than the ${width} that there are`,
        remedy: 'lower --k or raise --width',
      });
    }
    const varying = [
      ...(sites.length > 1 ? [site] : []),
      ...(sparsity.values.length > 1 ? [`${sparsity.name}=${value}`] : []),
      ...((widths?.length ?? 1) > 1 ? [`width=${width}`] : []),
    ];
    return {
      name: varying.join(',') || 'sae',
      site,
      dSae: width,
      settings: { [sparsity.name]: value },
    };
  });
}
