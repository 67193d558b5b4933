import { FeedprintError, createRandom } from '@feedprint/core';
import type {
  ActivationStore,
  InModelMetrics,
  RunEventInput,
  SaeMetrics,
  SparseAutoencoder,
  TokenRows,
} from '@feedprint/core';
import { evaluateInModel, evaluateSae } from '@feedprint/sae';
import { checkPair, checkSites } from '../models.ts';
import { combineStores, modelStores, rowKindOf } from '../rows.ts';
import type { SaeModels } from '../rows.ts';
import { drawTexts } from '../texts.ts';

export interface SaeOnTextsOptions extends SaeModels {
  readonly sae: SparseAutoencoder;
  /** Token ids of each text, cut to the context. */
  readonly texts: TokenRows;
  /** Number of activations to evaluate it on, from whole texts drawn at random. Default: 10,000. */
  readonly tokens?: number;
  /** Seed for the choice of texts. Default: 0. */
  readonly seed?: number;
  /** Told about progress, in the form of a run of the stages `reconstruct` and, with one model, `predict`. */
  readonly onEvent?: (event: RunEventInput) => void;
}

/** How well an SAE does on texts. */
export interface SaeOnTexts extends SaeMetrics {
  readonly kind: string;
  readonly site: string;
  readonly dIn: number;
  readonly dSae: number;
  /** Number of texts that it was evaluated on. */
  readonly texts: number;
  /** Null if the rows are not one model's activations. */
  readonly inModel: InModelMetrics | null;
}

/**
 * Measures how well an SAE reconstructs activations of texts, and what the model loses by the reconstruction; stores
 * nothing. Throws `usage` for a site that the model does not have and for a crosscoder of one model,
 * `models-mismatched` for models that are not a pair, `shape-mismatch` for an SAE of another width.
 */
export async function evaluateSaeOnTexts(options: SaeOnTextsOptions): Promise<SaeOnTexts> {
  const { sae, base, model, tokens = 10_000, seed = 0, onEvent = () => undefined } = options;
  const { kind, site, dIn, dSae } = sae;
  const rows = rowKindOf({ base }, kind);
  checkSites(model, [site]);
  checkPair({ base, model });
  const random = createRandom(seed).fork('texts');
  const texts = drawTexts(options.texts, tokens, model.tokenizer.specialIds, random);
  const store = combineStores(modelStores({ base, model }, texts, [site]), rows);
  checkWidth(sae, store.width(site));
  const staged = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    onEvent({ type: 'stage-started', stage });
    const result = await work();
    onEvent({ type: 'stage-finished', stage, reused: false });
    return result;
  };
  const stages = ['reconstruct', ...(rows === 'model' ? ['predict'] : [])];
  onEvent({ type: 'run-started', name: 'eval', stages });
  const metrics = await staged('reconstruct', () =>
    evaluateSae(sae, { store: watched(store, onEvent) }),
  );
  const inModel =
    rows === 'model' ? await staged('predict', () => evaluateInModel(model, sae, texts)) : null;
  return { kind, site, dIn, dSae, texts: texts.length, ...metrics, inModel };
}

/** A store that reports how far it has been read. */
const watched = (
  store: ActivationStore,
  onEvent: (event: RunEventInput) => void,
): ActivationStore => ({
  ...store,
  async read(site, start, end) {
    const rows = await store.read(site, start, end);
    const counts = { done: end, total: store.rows, unit: 'tokens' };
    onEvent({ type: 'stage-progress', stage: 'reconstruct', ...counts });
    return rows;
  },
});

function checkWidth({ dIn, site }: SparseAutoencoder, width: number): void {
  if (dIn === width) return;
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `the SAE reads ${dIn} units, but ${site} of the model has ${width}`,
    remedy: 'name the site and the model that it was trained on',
  });
}
