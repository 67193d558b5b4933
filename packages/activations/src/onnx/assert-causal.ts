import type { LanguageModel } from '@feedprint/core';
import { row } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { unsupportedOnnx } from './onnx-model.ts';

/** Throws `checkpoint-unsupported` for a graph whose first position sees the second. */
export async function assertCausal(file: string, model: Pick<LanguageModel, 'run'>): Promise<void> {
  const { logits } = await model.run(
    [
      [1, 2],
      [1, 3],
    ],
    { logits: 'all' },
  );
  const first = row(logits as Matrix, 0);
  const second = row(logits as Matrix, 2);
  const size = first.reduce((top, value) => Math.max(top, Math.abs(value)), 1);
  if (first.every((value, i) => Math.abs(value - (second[i] as number)) <= 1e-3 * size)) return;
  throw unsupportedOnnx(
    file,
    'its tokens see later ones when a text is run at once',
    'use decoder_model.onnx, decoder_model_merged.onnx or model.onnx of the same export',
  );
}
