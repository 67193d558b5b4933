import type { Tensor } from 'onnxruntime-node';
import type { OrtModule } from '@feedprint/graph';
import type { TokenBatch } from '../model/token-batch.ts';
import { elementTypes, unsupportedOnnx } from './onnx-model.ts';
import type { OnnxValue } from './onnx-model.ts';

/** What `config.json` says about the inputs of a pass. */
export interface FeedSettings {
  /** Pads rows after their ends; 0 if not given. */
  readonly paddingId: number | undefined;
  /** Number of key and value heads. */
  readonly heads: number | undefined;
  readonly headSize: number | undefined;
}

/** Inputs of a pass other than caches, by the names that Optimum, onnx-community and onnxruntime-genai use. */
type Source = (
  batch: TokenBatch,
  settings: FeedSettings,
) => { readonly shape: readonly number[]; at(i: number): number };

const sources: Readonly<Record<string, Source>> = {
  input_ids: (batch, { paddingId }) => {
    const ids = new Int32Array(batch.batch * batch.length).fill(paddingId ?? 0);
    batch.kept.forEach((place, i) => (ids[place] = batch.ids[i] as number));
    return { shape: [batch.batch, batch.length], at: (i) => ids[i] as number };
  },
  attention_mask: (batch) => {
    const mask = new Uint8Array(batch.batch * batch.length);
    for (const place of batch.kept) mask[place] = 1;
    return { shape: [batch.batch, batch.length], at: (i) => mask[i] as number };
  },
  position_ids: ({ batch, length }) => ({ shape: [batch, length], at: (i) => i % length }),
  cache_position: ({ length }) => ({ shape: [length], at: (i) => i }),
  token_type_ids: ({ batch, length }) => ({ shape: [batch, length], at: () => 0 }),
  // 0 asks for the logits of all positions.
  num_logits_to_keep: () => ({ shape: [], at: () => 0 }),
};

/** Whether an input holds keys and values of earlier tokens. */
export const isCache = ({ name, shape }: OnnxValue): boolean =>
  /past|cache/.test(name) && (shape?.length ?? 0) >= 3;

/** Throws `checkpoint-unsupported` for an input that cannot be filled here. */
export function checkInputs(file: string, inputs: readonly OnnxValue[]): void {
  for (const input of inputs) {
    if (input.name in sources || isCache(input)) continue;
    throw unsupportedOnnx(
      file,
      `it asks for ${input.name}`,
      `use an export whose inputs are among ${Object.keys(sources).join(', ')} and past_key_values`,
    );
  }
}

/** Fills one input of a pass that starts from nothing: rows padded at their ends, and empty caches. */
export function feedInput(
  ort: OrtModule,
  input: OnnxValue,
  batch: TokenBatch,
  settings: FeedSettings,
): Tensor {
  const source = sources[input.name];
  if (!source) return emptyCache(ort, input, batch.batch, settings);
  const { shape, at } = source(batch, settings);
  const count = shape.reduce((a, b) => a * b, 1);
  const dims = input.shape?.length === 1 && shape.length === 0 ? [1] : shape;
  switch (input.type) {
    case elementTypes.int32:
      return new ort.Tensor(
        'int32',
        Int32Array.from({ length: count }, (_, i) => at(i)),
        dims,
      );
    case elementTypes.float32:
      return new ort.Tensor(
        'float32',
        Float32Array.from({ length: count }, (_, i) => at(i)),
        dims,
      );
    case elementTypes.bool:
      return new ort.Tensor(
        'bool',
        Uint8Array.from({ length: count }, (_, i) => at(i)),
        dims,
      );
    default:
      return new ort.Tensor(
        'int64',
        BigInt64Array.from({ length: count }, (_, i) => BigInt(at(i))),
        dims,
      );
  }
}

/** `[batch, heads, 0, headSize]`, or with another free dimension set to 0. */
function emptyCache(
  ort: OrtModule,
  { name, type, shape = [] }: OnnxValue,
  batch: number,
  { heads, headSize }: FeedSettings,
): Tensor {
  const dims = shape.map((dimension, axis) => {
    if (typeof dimension === 'number') return dimension;
    if (axis === 0) return batch;
    if (shape.length === 4 && axis === 1 && !/seq|length/.test(dimension)) return heads ?? 1;
    if (shape.length === 4 && axis === 3) return headSize ?? 1;
    return 0;
  });
  if (!dims.includes(0)) {
    throw unsupportedOnnx(
      name,
      'its cache has no dynamic length',
      'export it again, with a dynamic length',
    );
  }
  return type === elementTypes.float16
    ? new ort.Tensor('float16', new Uint16Array(0), dims)
    : new ort.Tensor('float32', new Float32Array(0), dims);
}
