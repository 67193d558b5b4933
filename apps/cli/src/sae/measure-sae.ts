import { evaluateInModel, evaluateSae } from '@feedprint/sae';
import type {
  ActivationStore,
  InModelMetrics,
  LanguageModel,
  RunEventInput,
  SaeMetrics,
  SparseAutoencoder,
  TokenRows,
} from '@feedprint/core';

export interface MeasureOptions {
  readonly sae: SparseAutoencoder;
  /** Rows of the SAE's site. */
  readonly store: ActivationStore;
  /** The texts that the rows come from. */
  readonly texts: TokenRows;
  /** Whose activations the rows are; none for rows of two models. */
  readonly model?: LanguageModel;
  /** Told how far it is, as a run of the stages `reconstruct` and `predict`. */
  readonly onEvent: (event: RunEventInput) => void;
}

/** How well an SAE does on rows, and with its reconstruction inside the model. */
export async function measureSae({
  sae,
  store,
  texts,
  model,
  onEvent,
}: MeasureOptions): Promise<{ metrics: SaeMetrics; inModel: InModelMetrics | null }> {
  const staged = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    onEvent({ type: 'stage-started', stage });
    const result = await work();
    onEvent({ type: 'stage-finished', stage, reused: false });
    return result;
  };
  const stages = ['reconstruct', ...(model ? ['predict'] : [])];
  onEvent({ type: 'run-started', name: 'eval', stages });
  const watched: ActivationStore = {
    ...store,
    async read(site, start, end) {
      const rows = await store.read(site, start, end);
      const counts = { done: end, total: store.rows, unit: 'tokens' };
      onEvent({ type: 'stage-progress', stage: 'reconstruct', ...counts });
      return rows;
    },
  };
  const metrics = await staged('reconstruct', () => evaluateSae(sae, { store: watched }));
  if (!model) return { metrics, inModel: null };
  return { metrics, inModel: await staged('predict', () => evaluateInModel(model, sae, texts)) };
}
