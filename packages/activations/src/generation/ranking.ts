/** Factor of a key's token part; vocabularies are smaller than this. */
const IDS = 2 ** 21;

const bitsOf = (logits: Float32Array): Int32Array =>
  new Int32Array(logits.buffer, logits.byteOffset, logits.length);

/**
 * A number that ranks tokens, exact in f64: by logit and, among equal ones, the lower id before the higher. `bits` are
 * those of the logit; ids are below 2^21.
 */
function keyOf(bits: number, id: number): number {
  const magnitude = bits & 0x7fffffff;
  const order = bits < 0 ? -magnitude : magnitude;
  return (order + 2 ** 31) * IDS + (IDS - 1 - id);
}

/** The token of a key. */
export const tokenOf = (key: number): number => IDS - 1 - (key % IDS);

/** The keys of the `count` highest logits, highest first, in one pass over the logits with a heap of `count`. */
export function highestKeys(logits: Float32Array, count: number): Float64Array {
  const bits = bitsOf(logits);
  const heap = new Float64Array(Math.min(count, logits.length));
  for (let id = 0; id < heap.length; id++) heap[id] = keyOf(bits[id] as number, id);
  for (let at = (heap.length >> 1) - 1; at >= 0; at--) sink(heap, at);
  let worst = logits[tokenOf(heap[0] as number)] as number;
  for (let id = heap.length; id < logits.length; id++) {
    // An equal logit with a later id ranks lower.
    if ((logits[id] as number) <= worst) continue;
    heap[0] = keyOf(bits[id] as number, id);
    sink(heap, 0);
    worst = logits[tokenOf(heap[0])] as number;
  }
  return heap.sort().reverse();
}

/** The keys of the tokens that weigh `least` or more, highest first. */
export function heavyKeys(
  logits: Float32Array,
  weights: Float64Array,
  least: number,
): Float64Array {
  const bits = bitsOf(logits);
  let count = 0;
  for (let id = 0; id < weights.length; id++) if ((weights[id] as number) >= least) count++;
  const keys = new Float64Array(count);
  for (let id = 0, at = 0; at < count; id++) {
    if ((weights[id] as number) >= least) keys[at++] = keyOf(bits[id] as number, id);
  }
  return keys.sort().reverse();
}

/** Moves the key at `at` down to where it belongs in a heap whose lowest key comes first. */
function sink(heap: Float64Array, at: number): void {
  const key = heap[at] as number;
  for (let child = 2 * at + 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) child++;
    if ((heap[child] as number) >= key) break;
    heap[at] = heap[child] as number;
    at = child;
  }
  heap[at] = key;
}
