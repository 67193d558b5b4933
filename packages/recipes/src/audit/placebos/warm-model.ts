import { parameterGroups } from '@feedprint/activations';
import type { LanguageModel } from '@feedprint/core';

/**
 * `base` at a temperature: its unembedding, and that one's bias, divided by it, so that its logits are. It shares everything else with `base`, which
 * must outlive it. `undefined` where parameters cannot be exchanged or no unembedding is known.
 */
export function warmModel(base: LanguageModel, temperature: number): LanguageModel | undefined {
  if (!base.withParameters) return undefined;
  const heads = parameterGroups(base)
    .filter(({ component }) => component === 'unembedding')
    .flatMap(({ names }) => names);
  if (heads.length === 0) return undefined;
  const changed = new Map<string, Float32Array>();
  for (const { name, data } of base.parameters()) {
    if (heads.includes(name))
      changed.set(
        name,
        data.map((value) => value / temperature),
      );
  }
  return base.withParameters(changed);
}
