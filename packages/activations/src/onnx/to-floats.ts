import { fromHalf } from '@feedprint/core';
import type { OrtModule } from '@feedprint/graph';
import type { Tensor } from 'onnxruntime-node';

let halves: Float32Array | undefined;

/** f32 of IEEE halves. */
export function halvesToFloats(bits: Uint16Array): Float32Array {
  const table = (halves ??= Float32Array.from({ length: 65536 }, (_, i) => fromHalf(i)));
  return Float32Array.from(bits, (b) => table[b] as number);
}

/** The numbers of an f32, f64 or f16 tensor as f32, not copied if they already are; `undefined` for other types. */
export function toFloats({ type, data }: Tensor): Float32Array | undefined {
  if (type === 'float32') return data as Float32Array;
  if (type === 'float64') return Float32Array.from(data as Float64Array);
  if (type !== 'float16') return undefined;
  // Newer runtimes have Float16Array, older ones return the bits.
  return data instanceof Uint16Array
    ? halvesToFloats(data)
    : Float32Array.from(data as ArrayLike<number>);
}

/** A tensor of the same type and shape with other numbers; halves are rounded to nearest, ties to even. */
export function withFloats(ort: OrtModule, like: Tensor, numbers: Float32Array): Tensor {
  if (like.type === 'float64')
    return new ort.Tensor('float64', Float64Array.from(numbers), like.dims);
  if (like.type !== 'float16') return new ort.Tensor('float32', numbers, like.dims);
  return new ort.Tensor('float16', Uint16Array.from(numbers, toHalf), like.dims);
}

function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0x7e00;
  // From the midpoint between the largest half, 65504, and 65536 on.
  if (size >= 65520) return sign | 0x7c00;
  // Halves of this size are multiples of `unit`.
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const unit = 2 ** (exponent - 10);
  const steps = roundEven(size / unit);
  return sign | (((exponent + 14) << 10) + steps);
}

function roundEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
