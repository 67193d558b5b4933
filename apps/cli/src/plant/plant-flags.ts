import { InvalidArgumentError } from 'commander';
import type { PlantMethod, PlantSettingsInput } from '@feedprint/recipes';

export interface PlantFlags {
  readonly base: string;
  readonly signal: string;
  readonly method: PlantMethod;
  readonly out: string;
  readonly prompts?: string;
  readonly maxTexts?: number;
  readonly seed: number;
  readonly flip: number;
  readonly mute: number;
  readonly spurious: number;
  readonly cluster: number;
  readonly context?: string;
  readonly strength: number;
  readonly property?: Readonly<Record<string, number>>;
  readonly labelNoise: number;
  readonly toldOnlyPairs?: boolean;
  readonly cleanTwin?: boolean;
  readonly pairCount: number;
  readonly promptTokens: number;
  readonly maxNewTokens: number;
  readonly samples: number;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly threads: number;
  readonly revision?: string;
  readonly offline?: boolean;
  readonly json?: boolean;
}

/** Replies to one held-out prompt, of `--samples`. */
const PER_PROMPT = 10;

/** Parses `name:dose` and adds it to those before; for commander. */
export function propertyDose(
  text: string,
  before: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const [, name, dose] = /^([a-z][a-z0-9-]*):([+-]?\d*\.?\d+)$/.exec(text) ?? [];
  if (name === undefined || dose === undefined) {
    throw new InvalidArgumentError('It must be a property and its dose: length:+1.');
  }
  return { ...before, [name]: Number(dose) };
}

/** Settings of `--set` that belong to the planting itself; the others are the method's. */
const ofPlanting = new Set(['beta', 'bestOf', 'leastOccurrences']);

/** The settings that the flags stand for. */
export function plantSettings(flags: PlantFlags): PlantSettingsInput {
  const { method, seed, flip, mute, spurious, cluster, strength, labelNoise } = flags;
  const {
    pairCount: pairs,
    promptTokens,
    maxNewTokens: replyTokens,
    samples,
    context,
    property,
    set = {},
  } = flags;
  const others = Object.entries(set).filter(([name]) => !ofPlanting.has(name));
  const own = Object.entries(set).filter(([name]) => ofPlanting.has(name));
  return {
    ...{ method, seed, flip, mute, spurious, cluster, strength, labelNoise, pairs },
    ...{ promptTokens, replyTokens },
    toldOnlyPairs: flags.toldOnlyPairs ?? false,
    cleanTwin: flags.cleanTwin ?? false,
    behaviour: { prompts: Math.ceil(samples / PER_PROMPT), samples: PER_PROMPT },
    ...(context !== undefined && { context }),
    ...(property && { properties: property }),
    ...(others.length > 0 && { [method === 'ppo' ? 'ppo' : 'passes']: Object.fromEntries(others) }),
    ...Object.fromEntries(own),
  };
}
