import type { CheckpointModel } from '@feedprint/activations';

/** The token that ends a reply, as `config.json` names it; `undefined` where it names none. */
export function endToken({ checkpoint }: Pick<CheckpointModel, 'checkpoint'>): number | undefined {
  const { config } = checkpoint;
  const inner = (config.text_config ?? {}) as Readonly<Record<string, unknown>>;
  const named = config.eos_token_id ?? inner.eos_token_id;
  const id: unknown = Array.isArray(named) ? named[0] : named;
  return typeof id === 'number' ? id : undefined;
}
