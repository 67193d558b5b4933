import { matrix, row } from '@feedprint/core';
import type { LanguageModel, Matrix, NamedTensor } from '@feedprint/core';
import { componentOf } from '../divergence/component-of.ts';

/**
 * The rows of a model's unembedding that belong to the vocabulary ids, `[ids, width]`; those of the embedding where one tensor serves as
 * both. `undefined` where no parameter has a row per token, as in graphs that hold them under names of their own.
 */
export function unembeddingRows(model: LanguageModel, ids: readonly number[]): Matrix | undefined {
  const tensor = perToken(model, 'unembedding') ?? perToken(model, 'embedding');
  if (!tensor) return undefined;
  const { width } = model.info;
  const rows = matrix(ids.length, width);
  const { data } = tensor;
  ids.forEach((id, i) => row(rows, i).set(data.subarray(id * width, (id + 1) * width)));
  return rows;
}

function perToken(
  model: LanguageModel,
  component: 'embedding' | 'unembedding',
): NamedTensor | undefined {
  const { width, vocabularySize } = model.info;
  for (const tensor of model.parameters()) {
    const [rows = 0, columns] = tensor.shape;
    const fits = tensor.shape.length === 2 && rows >= vocabularySize && columns === width;
    if (fits && componentOf(tensor) === component) return tensor;
  }
  return undefined;
}
