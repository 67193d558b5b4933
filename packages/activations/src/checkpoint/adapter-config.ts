import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { z } from 'zod';
import { readJson } from './json.ts';

const schema = z.looseObject({
  peft_type: z.string(),
  base_model_name_or_path: z.string().nullish(),
  r: z.int().positive().default(8),
  lora_alpha: z.number().default(8),
  use_rslora: z.boolean().default(false),
  rank_pattern: z.record(z.string(), z.int().positive()).nullish(),
  alpha_pattern: z.record(z.string(), z.number()).nullish(),
  modules_to_save: z.array(z.string()).nullish(),
  init_lora_weights: z.union([z.boolean(), z.string()]).nullish(),
});

/** Variants of LoRA whose tensors mean something else. */
const variants = [
  'use_dora',
  'use_qalora',
  'use_bdlora',
  'lora_bias',
  'layer_replication',
  'alora_invocation_tokens',
  'trainable_token_indices',
  'target_parameters',
  'arrow_config',
  'kasa_config',
  'monteclora_config',
];
/** With all others, the base was changed before training. */
const plainStarts = ['gaussian', 'eva', 'orthogonal'];

/** What `adapter_config.json` of a PEFT LoRA adapter says. */
export interface AdapterConfig {
  /** Where the base was stored when the adapter was trained, for messages. */
  readonly base: string | undefined;
  /** Suffixes of the names of modules that the adapter holds whole. */
  readonly wholeModules: readonly string[];
  /** Rank and factor of a module's update, by the module's name. */
  update(module: string): { readonly rank: number; readonly scale: number };
}

/**
 * Reads `adapter_config.json`. Throws `checkpoint-invalid`, or `checkpoint-unsupported` for anything but plain LoRA.
 */
export function readAdapterConfig(folder: string): AdapterConfig {
  const path = join(folder, 'adapter_config.json');
  const parsed = schema.safeParse(readJson(path));
  if (!parsed.success) {
    throw invalid(path, z.prettifyError(parsed.error).replaceAll(/\s+/g, ' '));
  }
  const config = parsed.data;
  assertPlain(path, config);
  const ranks = patterns(path, config.rank_pattern ?? {});
  const alphas = patterns(path, config.alpha_pattern ?? {});
  return {
    base: config.base_model_name_or_path ?? undefined,
    wholeModules: config.modules_to_save ?? [],
    update(module) {
      const rank = ranks(module) ?? config.r;
      const alpha = alphas(module) ?? config.lora_alpha;
      return { rank, scale: alpha / (config.use_rslora ? Math.sqrt(rank) : rank) };
    },
  };
}

function assertPlain(path: string, config: z.infer<typeof schema>): void {
  const isSet = (value: unknown): boolean =>
    Boolean(value) && (typeof value !== 'object' || Object.keys(value as object).length > 0);
  const variant = variants.find((name) => isSet(config[name]));
  const start = config.init_lora_weights;
  const asks =
    config.peft_type !== 'LORA'
      ? `is a ${config.peft_type} adapter`
      : variant !== undefined
        ? `sets ${variant}`
        : typeof start === 'string' && !plainStarts.includes(start)
          ? `was initialised by ${start}, which changes the base`
          : undefined;
  if (asks === undefined) return;
  throw new FeedprintError({
    code: 'checkpoint-unsupported',
    message: `${path} ${asks}`,
    remedy: 'merge it into its base with peft (merge_and_unload) and use the result as the model',
  });
}

/**
 * The value of the first pattern that matches the end of a module's name, starting at a dot, as in peft's
 * `get_pattern_key`.
 */
function patterns(
  path: string,
  values: Readonly<Record<string, number>>,
): (module: string) => number | undefined {
  const compiled = Object.entries(values).map(([pattern, value]) => {
    try {
      return [new RegExp(`^(.*\\.)?(${pattern})$`), value] as const;
    } catch (cause) {
      throw invalid(path, `${JSON.stringify(pattern)} is not a regular expression`, cause);
    }
  });
  return (module) => compiled.find(([pattern]) => pattern.test(module))?.[1];
}

const invalid = (path: string, problem: string, cause?: unknown): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${path} is not an adapter: ${problem}`,
    remedy: 'use a folder saved by peft',
    cause,
  });
