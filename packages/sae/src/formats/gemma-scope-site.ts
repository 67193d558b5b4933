import type { Site } from '@feedprint/core';
import { z } from 'zod';
import { parseConfig, unsupported } from './refusals.ts';

const schema = z.looseObject({
  architecture: z.string().nullish(),
  type: z.string().nullish(),
  affine_connection: z.boolean().nullish(),
  hf_hook_point_in: z.string().nullish(),
  hf_hook_point_out: z.string().nullish(),
});

export interface GemmaScopeOrigin {
  readonly site?: Site;
  /** The hook point by its own name, if the configuration has one. */
  readonly named?: string;
}

/**
 * What the sites of a block are called as Hugging Face modules, in folders of Gemma Scope 2 and in repositories of the
 * first Gemma Scope.
 */
const sites = [
  { site: 'hook_resid_post', hook: 'output', folder: 'resid_post', repository: 'res' },
  {
    site: 'hook_mlp_out',
    hook: 'post_feedforward_layernorm.output',
    folder: 'mlp_out',
    repository: 'mlp',
  },
  { site: 'attn.hook_z', hook: 'self_attn.o_proj.input', folder: 'attn_out', repository: 'att' },
] as const;

/**
 * Where a Gemma Scope SAE reads: the hook point that `config.json` names (Gemma Scope 2), else whatever the path within its
 * repository says, if that was kept. Throws `checkpoint-unsupported` for anything but a JumpReLU SAE of a layer.
 */
export function gemmaScopeOrigin(
  path: string,
  configPath: string,
  json: Readonly<Record<string, unknown>> | undefined,
): GemmaScopeOrigin {
  refusePath(path);
  const config = json && parseConfig(configPath, schema, json);
  if (config) refuseConfig(configPath, config);
  const named = config?.hf_hook_point_in ?? undefined;
  const site = named === undefined ? siteOfPath(path) : siteOfHook(named);
  return { ...(site !== undefined && { site }), ...(named !== undefined && { named }) };
}

function refusePath(path: string): void {
  if (/gemma-scope-[^\\/]*transcoder|[\\/](?:transcoder|clt)(?:_all)?[\\/]layer_/i.test(path)) {
    throw unsupported(path, 'a transcoder predicts one site from another', 'use an SAE');
  }
  if (/[\\/]embedding[\\/]/i.test(path)) {
    throw unsupported(
      path,
      'SAEs of the embedding read it divided by sqrt(d_in)',
      'use an SAE of a layer',
    );
  }
}

function refuseConfig(path: string, config: z.output<typeof schema>): void {
  const { architecture, type, hf_hook_point_in: from, hf_hook_point_out: to } = config;
  if (type != null && type !== 'sae') {
    throw unsupported(path, `type ${type}: it is not an SAE of a single site`, 'use an SAE');
  }
  if ((to != null && to !== from) || config.affine_connection) {
    const what = config.affine_connection ? 'affine_connection' : `hf_hook_point_out ${to}`;
    throw unsupported(path, `${what}: it predicts one site from another`, 'use an SAE');
  }
  if (architecture != null && !/^jump_?relu$/i.test(architecture)) {
    throw unsupported(
      path,
      `architecture ${architecture} is not known`,
      'use an SAE of architecture jump_relu',
    );
  }
}

/** `model.layers.12.output`. */
function siteOfHook(name: string): Site | undefined {
  const [, layer, hook] = /^model\.(?:language_model\.)?layers\.(\d+)\.(.+)$/.exec(name) ?? [];
  return siteOf(layer, (known) => known.hook === hook);
}

/** `gemma-scope-2b-pt-res/layer_20/...`, `gemma-scope-2-1b-pt/resid_post_all/layer_12_width_16k_l0_small/...`. */
function siteOfPath(path: string): Site | undefined {
  const [, part, layer] = /gemma-scope-[^\\/]*-([a-z]+)[\\/].*?layer_(\d+)[\\/]/.exec(path) ?? [];
  const [, folder, second] =
    /gemma-scope-2-[^\\/]*[\\/](?:.*[\\/])?([a-z]+_[a-z]+?)(?:_all)?[\\/]layer_(\d+)_/.exec(path) ??
    [];
  return folder === undefined
    ? siteOf(layer, (known) => known.repository === part)
    : siteOf(second, (known) => known.folder === folder);
}

function siteOf(
  layer: string | undefined,
  is: (known: (typeof sites)[number]) => boolean,
): Site | undefined {
  const known = sites.find(is);
  return known && layer !== undefined ? `blocks.${layer}.${known.site}` : undefined;
}
