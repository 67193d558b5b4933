import type { NamedTensor } from '@feedprint/core';
import { assertFinite } from '@feedprint/core';
import { readRange } from './data-range.ts';
import { elementTypes, invalidOnnx } from './onnx-model.ts';
import type { OnnxGraph, OnnxInitializer } from './onnx-model.ts';
import { readBytes, readMessage } from './read-messages.ts';
import { isFloat } from './read-tensor.ts';
import { halvesToFloats } from './to-floats.ts';

/** The float weights of a graph under its own names, in name order; single numbers are constants, not weights. */
export function* onnxParameters(
  file: string,
  { initializers }: OnnxGraph,
  layerOf: ReadonlyMap<string, number>,
): Iterable<NamedTensor> {
  for (const name of [...initializers.keys()].sort()) {
    const tensor = initializers.get(name) as OnnxInitializer;
    const count = tensor.shape.reduce((a, b) => a * b, 1);
    if (!isFloat(tensor.type) || count < 2) continue;
    const bytes = tensor.range ? readRange(tensor.range) : rawBytes(tensor.bytes);
    const data = floatsOf(tensor.type, bytes);
    if (data.length !== count) throw invalidOnnx(file, `${name} is not stored as raw numbers`);
    assertFinite(data, `${file}: ${name}`);
    const layer = layerOf.get(name);
    yield { name, shape: tensor.shape, data, ...(layer !== undefined && { layer }) };
  }
}

/** raw_data, or packed float_data or double_data, of a small TensorProto; aligned. */
function rawBytes(tensor: Uint8Array | undefined): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  readMessage(tensor ?? new Uint8Array(), (field, reader, wire) => {
    if (field !== 9 && field !== 4 && field !== 10) return false;
    // Bit32 and Bit64 are unpacked numbers.
    if (wire === 5 || wire === 1) parts.push(reader.skip(wire));
    else parts.push(readBytes(reader, wire));
    return true;
  });
  return new Uint8Array(Buffer.concat(parts));
}

function floatsOf(type: number, { buffer }: Uint8Array<ArrayBuffer>): Float32Array {
  if (type === elementTypes.float32) return new Float32Array(buffer);
  if (type === elementTypes.float64) return Float32Array.from(new Float64Array(buffer));
  const bits = new Uint16Array(buffer);
  if (type === elementTypes.float16) return halvesToFloats(bits);
  return new Float32Array(Uint32Array.from(bits, (b) => b << 16).buffer);
}
