import type { TokenBatch } from './token-batch.ts';

/** The token that the configuration names as padding. */
export function paddingOf(config: Readonly<Record<string, unknown>>): number | undefined {
  const inner = (config.text_config ?? {}) as Readonly<Record<string, unknown>>;
  const id = config.pad_token_id ?? inner.pad_token_id;
  return typeof id === 'number' ? id : undefined;
}

/**
 * The batch with each text's last position replaced by the one that the classifiers of `transformers` score: the
 * rightmost token that is not padding, even if the padding token also ends texts; the first token of a text that is
 * nothing but padding.
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
