import type { TokenBatch } from './token-batch.ts';

/** The token that a configuration names as padding. */
export function paddingOf(config: Readonly<Record<string, unknown>>): number | undefined {
  const inner = (config.text_config ?? {}) as Readonly<Record<string, unknown>>;
  const id = config.pad_token_id ?? inner.pad_token_id;
  return typeof id === 'number' ? id : undefined;
}

/**
 * The batch with the position that the classifiers of `transformers` score in the place of each text's last: the rightmost token that is
 * not padding, even where padding also ends texts; the first of a text that is nothing else.
 */
export function beforePadding(batch: TokenBatch, padding: number | undefined): TokenBatch {
  const { ids, position } = batch;
  return {
    ...batch,
    last: batch.last.map((end) => {
      const start = end - (position[end] as number);
      let at = end;
      while (at > start && ids[at] === padding) at--;
      return ids[at] === padding ? start : at;
    }),
  };
}
