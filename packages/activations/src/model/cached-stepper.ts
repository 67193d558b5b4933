import type { Edit, Matrix, ModelInfo, TokenRows } from '@feedprint/core';
import type { TokenStepper } from '../generation/token-stepper.ts';
import { createKvCache } from './kv-cache.ts';
import type { KvCache } from './kv-cache.ts';
import type { CacheUse, Runner } from './run-model.ts';
import { packRows } from './token-batch.ts';
import type { TokenBatch } from './token-batch.ts';

export interface CachedStepperOptions {
  readonly edits?: readonly Edit[] | undefined;
  /**
   * Length in tokens up to which kept keys are valid; a longer text is computed differently from its first token on.
   * Default: any.
   */
  readonly keysHoldTo?: number | undefined;
}

/**
 * Grows rows token by token, keeping keys and values of earlier tokens; edits act on every token once, when it is first
 * run, except in texts that outgrow `keysHoldTo`.
 */
export function createCachedStepper(
  run: Runner,
  info: ModelInfo,
  { edits = [], keysHoldTo = Infinity }: CachedStepperOptions = {},
): TokenStepper {
  let cache: KvCache = createKvCache(0);
  let open: number[][] = [];
  const forward = async (batch: TokenBatch, past?: CacheUse['past']): Promise<Matrix> => {
    const use: CacheUse = { writes: true, ...(past && { past }) };
    const { logits, values } = await run(batch, { logits: 'last', edits }, use);
    cache.append(batch, values);
    return logits as Matrix;
  };
  const start = (prompts: TokenRows): Promise<Matrix> => {
    open = prompts.map((prompt) => Array.from(prompt));
    cache = createKvCache(open.length);
    return forward(packRows(open, info));
  };
  return {
    start,
    step(tokens) {
      open.forEach((row, i) => row.push(tokens[i] as number));
      if (open.some((row) => row.length === keysHoldTo + 1)) return start(open);
      const rows = Array.from(tokens, (token) => [token]);
      return forward(packRows(rows, info, cache.lengths), cache.feeds());
    },
    keep(rows) {
      open = rows.map((i) => open[i] as number[]);
      cache.keep(rows);
    },
  };
}
