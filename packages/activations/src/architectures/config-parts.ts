import { z } from 'zod';
import { ConfigProblem, unsupported } from './architecture.ts';
import type { Activation, Rotary } from './decoder.ts';

/** Keys that all configs share, apart from their names. */
export const count = z.int().positive();
export const epsilon = z.number().positive();

const activationNames = {
  gelu: 'gelu',
  gelu_new: 'gelu-tanh',
  gelu_fast: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
  silu: 'silu',
  swish: 'silu',
  relu: 'relu',
} as const satisfies Record<string, Activation>;

/** `hidden_act` and its equivalents, as our activation. */
export const activation = z
  .enum(Object.keys(activationNames) as [keyof typeof activationNames])
  .transform((name) => activationNames[name]);

/** Units of each of the heads that a width is split into. Throws `ConfigProblem` if it cannot be. */
export function headSizeOf(width: number, heads: number): number {
  if (width % heads === 0) return width / heads;
  throw new ConfigProblem(
    'checkpoint-invalid',
    `asks for ${heads} heads in a width of ${width}`,
    'use the config.json that belongs to the weights',
  );
}

const ropeParameters = z.looseObject({
  rope_type: z.string().optional(),
  /** Former name of `rope_type`. */
  type: z.string().optional(),
  rope_theta: z.number().positive().optional(),
  partial_rotary_factor: z.number().positive().max(1).optional(),
  factor: z.number().positive().optional(),
  low_freq_factor: z.number().positive().optional(),
  high_freq_factor: z.number().positive().optional(),
  original_max_position_embeddings: count.optional(),
});

/** Rotary settings, under the keys of `transformers` 4 and of 5. */
export const ropeKeys = {
  rope_theta: z.number().positive().optional(),
  partial_rotary_factor: z.number().positive().max(1).optional(),
  rope_scaling: ropeParameters.nullish(),
  rope_parameters: ropeParameters.nullish(),
};

export type RopeKeys = z.infer<z.ZodObject<typeof ropeKeys>>;

export interface RopeDefaults {
  readonly headSize: number;
  /** Used where the config gives none. */
  readonly theta?: number;
  readonly partial?: number;
  readonly pairs?: Rotary['pairs'];
}

/** Rotary positions as a config describes them: plain, `linear` or `llama3` scaling. Throws `ConfigProblem` for others. */
export function rotaryOf(
  config: RopeKeys,
  { headSize, theta = 10_000, partial = 1, pairs = 'halves' }: RopeDefaults,
): Rotary {
  const scaling = config.rope_parameters ?? config.rope_scaling ?? {};
  const share = scaling.partial_rotary_factor ?? config.partial_rotary_factor ?? partial;
  const size = Math.floor(headSize * share);
  const base = scaling.rope_theta ?? config.rope_theta ?? theta;
  if (size < 2 || size % 2 !== 0) {
    throw unsupported(
      `rotary positions on ${size} units per head`,
      'use a checkpoint with rotary positions on an even number of units',
    );
  }
  const plain = Array.from({ length: size / 2 }, (_, i) =>
    Math.fround(1 / base ** ((2 * i) / size)),
  );
  return { size, pairs, frequencies: scaled(plain, scaling) };
}

function scaled(frequencies: number[], scaling: z.infer<typeof ropeParameters>): number[] {
  const type = scaling.rope_type ?? scaling.type ?? 'default';
  const { factor = 1 } = scaling;
  if (type === 'default') return frequencies;
  if (type === 'linear') return frequencies.map((f) => Math.fround(f / factor));
  if (type === 'llama3') return frequencies.map((f) => llama3Frequency(f, scaling));
  throw unsupported(
    `rotary positions scaled by ${type}`,
    'use a checkpoint with plain, linear or llama3 rotary positions',
  );
}

/** Llama 3.1: long wavelengths are stretched by `factor`, short ones kept, those in between mixed. */
function llama3Frequency(f: number, scaling: z.infer<typeof ropeParameters>): number {
  const {
    factor = 8,
    low_freq_factor: low = 1,
    high_freq_factor: high = 4,
    original_max_position_embeddings: original = 8192,
  } = scaling;
  const wavelength = (2 * Math.PI) / f;
  if (wavelength < original / high) return f;
  if (wavelength > original / low) return f / factor;
  const smooth = (original / wavelength - low) / (high - low);
  return ((1 - smooth) * f) / factor + smooth * f;
}
