import { FeedprintError } from '@feedprint/core';
import type { Site } from '@feedprint/core';
import { sparsityOf } from '@feedprint/recipes';
import type { ErrorMeasure, TrainableKind } from '@feedprint/recipes';
import { checkTarget, saeTrainingSettingsSchema } from '@feedprint/sae';
import type { SaeTrainingSettings } from '@feedprint/sae';
import type { z } from 'zod';
import type { EngineFlags } from './engines.ts';
import type { InputFlags } from './inputs.ts';
import { checkModelFlags } from './model-flags.ts';
import { usualSparsity } from './usual-sparsity.ts';

/** Flags of `sae train`, parsed one by one. */
export interface TrainFlags extends InputFlags, EngineFlags {
  readonly site: readonly Site[];
  readonly kind: TrainableKind;
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
  readonly sae?: string;
  readonly stream?: boolean;
  readonly checkpointTokens?: number;
  readonly json?: boolean;
}

/** What the flags ask for. */
export interface TrainPlan {
  /** Settings of the trainer. */
  readonly settings: Partial<SaeTrainingSettings>;
  /** Values to try of the weight or number that makes the features sparse. */
  readonly sparsity: readonly number[];
}

/** What the flags ask for. Throws `usage` for flags that contradict each other. */
export function planTraining(flags: TrainFlags): TrainPlan {
  const { kind, tokens, lr, batch, seed } = flags;
  const name = sparsityOf[kind];
  const other = (['k', 'l1', 'l0'] as const).find((flag) => flag !== name && flags[flag]);
  if (other)
    throw usage(`--${other} does nothing for kind ${kind}`, `make it sparse with --${name}`);
  checkModelFlags({ ...flags, isCrosscoder: kind === 'crosscoder' });
  checkErrorFlag(flags);
  const further = furtherSettings(flags.set ?? {});
  if (typeof further.targetL0 === 'number') checkTarget(kind, further.targetL0);
  const sparsity = flags[name] ?? [usualSparsity[name]];
  if (name === 'k') checkActive(sparsity, flags.width);
  return {
    settings: {
      kind,
      tokens,
      shuffleSeed: seed,
      ...(lr !== undefined && { learningRate: lr }),
      ...(batch !== undefined && { batchRows: batch }),
      ...further,
    },
    sparsity,
  };
}

function checkErrorFlag({ error, kind, difference = false }: TrainFlags): void {
  if (error === 'plain') return;
  if (kind === 'tied' || kind === 'crosscoder') {
    throw usage(
      `--error output is not for kind ${kind}`,
      'leave it out, or take another kind, such as batchtopk',
    );
  }
  if (!difference) return;
  throw usage(
    "--error output is for one model's activations, not for differences",
    'leave --error or --difference out',
  );
}

function checkActive(active: readonly number[], widths: readonly number[] = []): void {
  const least = Math.min(...widths);
  const k = active.find((value) => value > least);
  if (k === undefined) return;
  throw usage(
    `k = ${k} active features are more than the ${least} that there are`,
    'lower --k or raise --width',
  );
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

const usage = (message: string, remedy: string): FeedprintError =>
  new FeedprintError({ code: 'usage', message, remedy });
