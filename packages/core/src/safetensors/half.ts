/** An IEEE half as f32. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

let table: Float32Array | undefined;

/** All 65,536 halves as f32, computed once. */
export function halfTable(): Float32Array {
  table ??= Float32Array.from({ length: 65536 }, (_, bits) => fromHalf(bits));
  return table;
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The IEEE half nearest to an f32 number, ties to even. From 65,520 on that is infinity. */
export function toHalf(value: number): number {
  float[0] = value;
  const all = bits[0] as number;
  const sign = (all >>> 16) & 0x8000;
  const magnitude = all & 0x7fff_ffff;
  if (magnitude > 0x7f80_0000) return sign | 0x7e00;
  if (magnitude >= 0x477f_f000) return sign | 0x7c00;
  // Below 2^-14 halves are multiples of 2^-24: adding 0.5 makes f32 round to them.
  if (magnitude < 0x3880_0000) {
    bits[0] = magnitude;
    float[0] = (float[0] as number) + 0.5;
    return sign | ((bits[0] as number) - 0x3f00_0000);
  }
  const odd = (magnitude >>> 13) & 1;
  return sign | ((magnitude - 0x3800_0000 + 0xfff + odd) >>> 13);
}

/** The bfloat16 nearest to an f32 number, ties to even: its upper half. */
export function toBfloat16(value: number): number {
  float[0] = value;
  const all = bits[0] as number;
  if ((all & 0x7fff_ffff) > 0x7f80_0000) return (all >>> 16) | 0x40;
  return ((all + 0x7fff + ((all >>> 16) & 1)) >>> 16) & 0xffff;
}
