import { z } from 'zod';
import { ConfigProblem, defineArchitecture } from './architecture.ts';
import { activation, count, epsilon, rotaryOf } from './config-parts.ts';
import type { Rotary } from './decoder.ts';
import { llamaDecoder, llamaHeadSize, llamaKeys } from './llama-family.ts';

const factors = z.array(z.number().positive());
const longRope = z.object({
  short_factor: factors,
  long_factor: factors,
  factor: z.number().positive().optional(),
  attention_factor: z.number().positive().nullish(),
});
const config = z.object({
  ...llamaKeys,
  max_position_embeddings: count.default(4096),
  original_max_position_embeddings: count.default(4096),
  hidden_act: activation.default('silu'),
  rms_norm_eps: epsilon.default(1e-5),
  sliding_window: count.nullish(),
});

/** Phi-3 (Abdin et al. 2024): a Llama with one matrix for queries, keys and values, and one for the MLP's gate and input. */
export const phi3 = defineArchitecture(config, (config) => {
  const window = config.sliding_window ?? undefined;
  const rotary = phi3Rotary(config);
  return llamaDecoder(config, {
    activation: config.hidden_act,
    attention: (_, block) => ({
      rotary,
      input: { joint: { weight: `${block}.self_attn.qkv_proj.weight` }, order: 'stacked' },
      ...(window !== undefined && { window }),
    }),
    rest: (block) => ({
      mlp: {
        size: config.intermediate_size,
        activation: config.hidden_act,
        gate: 'stacked',
        input: { weight: `${block}.mlp.gate_up_proj.weight` },
        output: { weight: `${block}.mlp.down_proj.weight` },
      },
    }),
  });
});

/**
 * Plain rotary positions, or LongRoPE (Ding et al. 2024): each frequency divided by a factor of its own, from one of
 * two sets: for texts within the originally trained context, and for longer ones.
 */
function phi3Rotary(settings: z.infer<typeof config>): Rotary {
  const { rope_parameters, rope_scaling, ...rest } = settings;
  const scaling = rope_parameters ?? rope_scaling ?? {};
  const type = scaling.rope_type ?? scaling.type ?? 'default';
  const options = { headSize: llamaHeadSize(settings) };
  // Three names for the same thing, as in `transformers`.
  if (!['longrope', 'su', 'yarn'].includes(type)) return rotaryOf(settings, options);
  const { short_factor: short, long_factor: long, ...scale } = longRope.parse(scaling);
  const plain = rotaryOf(
    { ...rest, rope_parameters: { ...scaling, rope_type: 'default' } },
    options,
  );
  const pairs = plain.frequencies.length;
  if (short.length !== pairs || long.length !== pairs) {
    throw new ConfigProblem(
      'checkpoint-invalid',
      `has ${short.length} short and ${long.length} long factors for ${pairs} rotated pairs`,
      'use the config.json that belongs to the weights',
    );
  }
  const original = settings.original_max_position_embeddings;
  const stretch = scale.factor ?? settings.max_position_embeddings / original;
  const magnitude =
    scale.attention_factor ??
    (stretch <= 1 ? 1 : Math.sqrt(1 + Math.log(stretch) / Math.log(original)));
  const divided = (by: readonly number[]): number[] =>
    plain.frequencies.map((frequency, i) => Math.fround(frequency / (by[i] as number)));
  return {
    ...plain,
    magnitude,
    frequencies: divided(short),
    long: { beyond: original, frequencies: divided(long) },
  };
}
