import type {
  ChangedPosition,
  MeasureChangesOptions,
  ModelChanges,
  PrincipalDirections,
  SecondMoments,
} from '@feedprint/activations';
import type { LanguageModel, Matrix, TokenRows } from '@feedprint/core';
import type { ChangeDictionaries } from '@feedprint/sae';

/** What an audit measures changes with; each can be swapped on its own. */
export interface ChangeParts {
  readonly measure: (
    base: LanguageModel,
    tuned: LanguageModel,
    texts: TokenRows,
    options: MeasureChangesOptions,
  ) => Promise<ModelChanges>;
  readonly mostChanged: (
    changes: ModelChanges,
    texts: TokenRows,
    options: { readonly count: number; readonly context: number },
  ) => readonly ChangedPosition[];
  readonly principalDirections: (
    moments: SecondMoments,
    options: { readonly count: number; readonly centred: boolean },
  ) => PrincipalDirections | null;
  /**
   * How far directions added behind the last block move log-probabilities, nats, `[directions, vocabulary]`; `from` reads the origin
   * alone. Default: the model.
   */
  readonly directEffects: (
    model: LanguageModel,
    origin: ArrayLike<number>,
    directions: Matrix,
    options?: { readonly from?: LanguageModel },
  ) => Promise<Matrix>;
  readonly dictionaries: ChangeDictionaries;
}
