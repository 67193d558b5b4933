import type { ParameterGroup } from '@feedprint/activations';
import type { LanguageModel, Part } from '@feedprint/core';

/** The part with which an audit exchanges parameters of its two models. */
export interface ExchangeParts extends Part {
  /** All parameters of a model, divided by the part that computes with them. */
  readonly groups: (model: LanguageModel) => readonly ParameterGroup[];
  /** `model` with those parameters of `donor` that `take` chooses by name; `undefined` where it cannot be. */
  readonly exchange: (
    model: LanguageModel,
    donor: LanguageModel,
    take: (name: string) => boolean,
  ) => LanguageModel | undefined;
}
