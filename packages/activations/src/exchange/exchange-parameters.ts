import { FeedprintError } from '@feedprint/core';
import type { LanguageModel, NamedTensor } from '@feedprint/core';
import { sharedVocabulary } from '../divergence/shared-vocabulary.ts';

/**
 * `model` with those parameters of `donor` that `take` chooses, by their names in `parameters()`. If one of the two knows more tokens, the rows
 * of those that both know are taken. What is made shares graphs and weights with `model`, which must outlive it; only what is taken is held
 * besides. `undefined` where the model's parameters cannot be exchanged. Throws `models-mismatched` for parameters that do not fit.
 */
export function exchangeParameters(
  model: LanguageModel,
  donor: LanguageModel,
  take: (name: string) => boolean,
): LanguageModel | undefined {
  if (!model.withParameters) return undefined;
  const own = new Map([...model.parameters()].map((tensor) => [tensor.name, tensor]));
  const changed = new Map<string, Float32Array>();
  const rows = sharedVocabulary(model, donor);
  for (const tensor of donor.parameters()) {
    if (!take(tensor.name)) continue;
    const place = own.get(tensor.name);
    if (!place) throw mismatch(tensor, 'no such parameter');
    changed.set(tensor.name, taken(place, tensor, rows));
  }
  return model.withParameters(changed);
}

function taken(own: NamedTensor, other: NamedTensor, rows: number): Float32Array {
  const [[ownRows, ...ownRow], [otherRows, ...otherRow]] = [own.shape, other.shape];
  if (ownRow.join() !== otherRow.join()) throw mismatch(other, `[${own.shape.join(', ')}]`);
  if (ownRows === otherRows) return other.data;
  if (Math.min(ownRows as number, otherRows as number) !== rows)
    throw mismatch(other, `[${own.shape.join(', ')}]`);
  const data = own.data.slice();
  data.set(other.data.subarray(0, (data.length / (ownRows as number)) * rows));
  return data;
}

const mismatch = ({ name, shape }: NamedTensor, own: string): FeedprintError =>
  new FeedprintError({
    code: 'models-mismatched',
    message: `${name} is [${shape.join(', ')}] in one model, and the other has ${own}`,
    remedy: 'exchange parameters of a model with those of one that was tuned from it',
  });
