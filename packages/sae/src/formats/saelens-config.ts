import { z } from 'zod';
import { parseConfig, unsupported } from './refusals.ts';

const architectures = [
  'standard',
  'gated',
  'topk',
  'jumprelu',
  'batchtopk',
  'matryoshka_batchtopk',
  'crosscoder',
] as const;
const count = z.int().positive();
const optional = <Schema extends z.ZodType>(schema: Schema) => schema.nullish();

const schema = z.looseObject({
  architecture: optional(z.string()),
  d_in: count,
  d_sae: count,
  k: optional(z.number().positive()),
  apply_b_dec_to_input: optional(z.boolean()),
  normalize_activations: optional(z.union([z.string(), z.boolean()])),
  reshape_activations: optional(z.string()),
  rescale_acts_by_decoder_norm: optional(z.boolean()),
  finetuning_scaling_factor: optional(z.boolean()),
  matryoshka_widths: optional(z.array(count)),
  // Before version 6 everything was in one flat object.
  hook_point: optional(z.string()),
  hook_name: optional(z.string()),
  hook_point_head_index: optional(z.int()),
  hook_head_index: optional(z.int()),
  activation_fn_str: optional(z.string()),
  activation_fn: optional(z.string()),
  activation_fn_kwargs: optional(z.looseObject({ k: optional(count) })),
  metadata: optional(
    z.looseObject({
      hook_name: optional(z.string()),
      hook_head_index: optional(z.int()),
      feedprint_kind: optional(z.string()),
      feedprint_options: z.unknown().optional(),
    }),
  ),
});

/** What a SAELens `cfg.json` of any version says, defaults filled in. */
export interface SaeLensConfig {
  readonly architecture: (typeof architectures)[number];
  readonly dIn: number;
  readonly dSae: number;
  readonly k: number;
  readonly centred: boolean;
  /** Whether activations were scaled to a mean norm of sqrt(dIn) and the scale is not in the weights yet. */
  readonly scaled: boolean;
  readonly rescaleByDecoderLength: boolean;
  /** Whether the tensor `scaling_factor` multiplies features in the decoder. */
  readonly finetuned: boolean;
  readonly widths: readonly number[];
  readonly hookName: string | undefined;
  readonly feedprintKind: string | undefined;
  readonly feedprintOptions: unknown;
}

/** Reads `cfg.json` of version 6 and before. Throws `checkpoint-unsupported` for anything that no kind of SAE here does. */
export function parseSaeLensConfig(path: string, json: unknown): SaeLensConfig {
  const config = parseConfig(path, schema, json);
  const { metadata } = config;
  const hookName = metadata?.hook_name ?? config.hook_name ?? config.hook_point ?? undefined;
  const activation = config.activation_fn ?? config.activation_fn_str ?? 'relu';
  const k = config.activation_fn_kwargs?.k ?? config.k;
  const named = config.architecture ?? (metadata ? undefined : 'standard');
  const architecture = architectureOf(path, activation === 'topk' ? 'topk' : named);
  if (activation === 'topk' && k == null) {
    throw unsupported(path, 'activation topk without its k', 'add activation_fn_kwargs.k');
  }
  if (activation !== 'relu' && activation !== 'topk') {
    throw unsupported(path, `activation ${activation} is not known`, 'use relu or topk');
  }
  refuseReshaping(path, config.reshape_activations ?? 'none');
  const head = metadata?.hook_head_index ?? config.hook_head_index ?? config.hook_point_head_index;
  if (head != null) {
    throw unsupported(
      path,
      `hook_head_index ${head}: it reads one attention head`,
      'use an SAE of a whole site',
    );
  }
  const trainedAsTopK = architecture === 'batchtopk' || architecture === 'matryoshka_batchtopk';
  return {
    architecture,
    dIn: config.d_in,
    dSae: config.d_sae,
    k: k ?? 100,
    centred: config.apply_b_dec_to_input ?? true,
    scaled: isScaled(path, config.normalize_activations ?? 'none'),
    rescaleByDecoderLength:
      (architecture === 'topk' && (config.rescale_acts_by_decoder_norm ?? false)) ||
      (trainedAsTopK && (config.rescale_acts_by_decoder_norm ?? true)),
    finetuned: config.finetuning_scaling_factor ?? false,
    widths: config.matryoshka_widths ?? [],
    hookName,
    feedprintKind: metadata?.feedprint_kind ?? undefined,
    feedprintOptions: metadata?.feedprint_options,
  };
}

function architectureOf(path: string, name: string | undefined): SaeLensConfig['architecture'] {
  const found = architectures.find((known) => known === name);
  if (found) return found;
  if (name?.includes('transcoder')) {
    throw unsupported(
      path,
      `architecture ${name}: it predicts one site from another`,
      'use an SAE, which reconstructs the site that it reads',
    );
  }
  throw unsupported(
    path,
    name ? `architecture ${name} is not known` : 'it names no architecture',
    `use one of ${architectures.join(', ')}`,
  );
}

/** `hook_z` concatenates the attention heads, which is how `attn.hook_z` is captured here. */
function refuseReshaping(path: string, reshape: string): void {
  if (reshape === 'none' || reshape === 'hook_z') return;
  throw unsupported(
    path,
    `reshape_activations ${reshape} is not known`,
    'use an SAE with reshape_activations none or hook_z',
  );
}

function isScaled(path: string, normalize: string | boolean): boolean {
  if (normalize === 'none' || normalize === false) return false;
  if (normalize === 'expected_average_only_in' || normalize === true) return true;
  const perRow = normalize === 'layer_norm' || normalize === 'constant_norm_rescale';
  throw unsupported(
    path,
    `normalize_activations ${normalize}${perRow ? ': the scale depends on the row, so it cannot be part of the weights' : ''}`,
    'use an SAE with normalize_activations none or expected_average_only_in',
  );
}
