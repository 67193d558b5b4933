import type { Site } from '@feedprint/core';

const parts: Readonly<Record<string, string>> = {
  '': 'hook_resid_post',
  mlp: 'hook_mlp_out',
  attn: 'hook_attn_out',
  attention: 'hook_attn_out',
  self_attn: 'hook_attn_out',
};

/**
 * The site of a module's output, by its Hugging Face name (`gpt_neox.layers.3.mlp`, `h.3`), its dictionary_learning name
 * (`resid_post_layer_3`, `mlp_out_layer_3`) or its own (`blocks.3.hook_mlp_out`); undefined for any other, since none is
 * guessed.
 */
export function siteOfModule(name: string): Site | undefined {
  if (/^blocks\.\d+\.hook_\w+$/.test(name)) return name;
  const module = /^(?:(?:model|transformer|gpt_neox)\.)*(?:layers|h)\.(\d+)(?:\.(\w+))?$/.exec(
    name,
  );
  const part = module ? parts[module[2] ?? ''] : undefined;
  if (module && part) return `blocks.${module[1]}.${part}`;
  const labelled = /^(resid_pre|resid_mid|resid_post|mlp_out|attn_out)_layer_(\d+)$/.exec(name);
  return labelled ? `blocks.${labelled[2]}.hook_${labelled[1]}` : undefined;
}
