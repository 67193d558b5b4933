import type {
  ChangedPosition,
  MeasureChangesOptions,
  ModelChanges,
  PrincipalDirections,
  SecondMoments,
} from '@feedprint/activations';
import type { LanguageModel, Matrix, Part, TokenRows } from '@feedprint/core';
import type { ChangeDictionaries } from '@feedprint/sae';

/** The parts with which an audit measures changes. */
export interface ChangeParts extends Part {
  measure(
    base: LanguageModel,
    tuned: LanguageModel,
    texts: TokenRows,
    options: MeasureChangesOptions,
  ): Promise<ModelChanges>;
  mostChanged(
    changes: ModelChanges,
    texts: TokenRows,
    options: { readonly count: number; readonly context: number },
  ): readonly ChangedPosition[];
  principalDirections(
    moments: SecondMoments,
    options: { readonly count: number; readonly centred: boolean },
  ): PrincipalDirections | null;
  /**
   * How far directions added after the last block move log-probabilities, in nats, `[directions, vocabulary]`; `from`
   * reads only the origin. Default: the model.
   */
  directEffects(
    model: LanguageModel,
    origin: ArrayLike<number>,
    directions: Matrix,
    options?: { readonly from?: LanguageModel },
  ): Promise<Matrix>;
  readonly dictionaries: ChangeDictionaries;
}
