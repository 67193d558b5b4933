import { FeedprintError, createRandom, matrix, row } from '@feedprint/core';
import type { ActivationStore, Matrix, Random, Site } from '@feedprint/core';

export interface RowStreamOptions {
  readonly sites: readonly Site[];
  readonly batchRows: number;
  /** Rows that the buffer mixes. */
  readonly bufferRows: number;
  readonly seed: number;
}

/** The position of a stream: enough to continue with exactly the same batches. */
export interface RowStreamState {
  /** Batches returned so far. */
  readonly batches: number;
  /** Chunks read so far, over all passes. */
  readonly chunks: number;
  /** Rows of the store that are waiting in the buffer, in buffer order. */
  readonly waiting: Int32Array;
}

/** Endless batches of a store's rows, mixed; the same rows for every site. */
export interface RowStream {
  /** `[batchRows, width]` per site; the batch after the next reuses its memory. */
  next(): Promise<ReadonlyMap<Site, Matrix>>;
  /** Starts fetching the next batch while something else computes. */
  prefetch(): void;
  /** The position after the last batch. Must not be read while the next one is being fetched. */
  state(): RowStreamState;
}

/** Rows read from the store at once. */
const CHUNK = 1024;

/**
 * Mixes a store's rows through a buffer: chunks of neighbouring rows enter it in a new random order each pass, batches are
 * drawn from it at random, and it is refilled whenever it is half empty. Every pass yields each row once.
 *
 * Each random choice has a random stream of its own, named after what is chosen, so that the state consists of counters and
 * row numbers only.
 */
export async function createRowStream(
  store: ActivationStore,
  { sites, batchRows, bufferRows, seed }: RowStreamOptions,
  from: RowStreamState = { batches: 0, chunks: 0, waiting: new Int32Array() },
): Promise<RowStream> {
  if (store.rows === 0) throw noRows(sites);
  const random = createRandom(seed);
  const chunksPerPass = Math.ceil(store.rows / CHUNK);
  const capacity = Math.max(Math.min(bufferRows, store.rows), 2 * batchRows) + CHUNK;
  const buffer = new Map(sites.map((site) => [site, matrix(capacity, store.width(site))]));
  /** Rows of the buffer in use, then free ones; `rows[slot]` is the store's row in a slot. */
  const slots = Int32Array.from({ length: capacity }, (_, i) => i);
  const rows = new Int32Array(capacity);
  const order = { pass: -1, chunks: new Int32Array() };
  let { batches, chunks } = from;
  let used = 0;

  const put = async (start: number, end: number): Promise<void> => {
    for (const site of sites) {
      const read = await store.read(site, start, end);
      const target = buffer.get(site) as Matrix;
      for (let r = 0; r < read.rows; r++) row(target, slots[used + r] as number).set(row(read, r));
    }
    for (let r = start; r < end; r++) rows[slots[used++] as number] = r;
  };
  const refill = async (): Promise<void> => {
    while (used + CHUNK <= capacity) {
      const pass = Math.floor(chunks / chunksPerPass);
      if (order.pass !== pass)
        Object.assign(order, { pass, chunks: chunkOrder(random, pass, chunksPerPass) });
      const chunk = order.chunks[chunks % chunksPerPass] as number;
      await put(chunk * CHUNK, Math.min(store.rows, (chunk + 1) * CHUNK));
      chunks++;
    }
  };
  /** Rows that were waiting, in their order; the store is read in its own order, each chunk once. */
  const restore = async (waiting: Int32Array): Promise<void> => {
    const places = new Map<number, number[]>();
    for (const [at, r] of waiting.entries()) {
      const chunk = Math.floor(r / CHUNK);
      const found = places.get(chunk) ?? [];
      found.push(at);
      places.set(chunk, found);
      rows[at] = r;
    }
    for (const [chunk, found] of [...places].sort(([a], [b]) => a - b)) {
      const start = chunk * CHUNK;
      for (const site of sites) {
        const read = await store.read(site, start, Math.min(store.rows, start + CHUNK));
        const target = buffer.get(site) as Matrix;
        for (const at of found) row(target, at).set(row(read, (waiting[at] as number) - start));
      }
    }
    used = waiting.length;
  };
  await restore(from.waiting);

  const targets = [0, 1].map(
    () => new Map(sites.map((site) => [site, matrix(batchRows, store.width(site))])),
  );
  const make = async (): Promise<ReadonlyMap<Site, Matrix>> => {
    if (used < Math.max(batchRows, capacity / 2)) await refill();
    const target = targets[batches % 2] as Map<Site, Matrix>;
    const draw = random.fork(`batch ${batches++}`);
    for (let i = 0; i < batchRows; i++) {
      const at = draw.integer(used--);
      const slot = slots[at] as number;
      slots[at] = slots[used] as number;
      slots[used] = slot;
      for (const site of sites) {
        row(target.get(site) as Matrix, i).set(row(buffer.get(site) as Matrix, slot));
      }
    }
    return target;
  };

  let coming: ReturnType<typeof make> | undefined;
  const prefetch = (): void => {
    coming ??= make();
    // A failure is reported by `next`.
    coming.catch(() => undefined);
  };
  return {
    prefetch,
    async next() {
      prefetch();
      const batch = await (coming as ReturnType<typeof make>);
      coming = undefined;
      return batch;
    },
    state() {
      if (coming) throw new TypeError('the stream is fetching ahead');
      const waiting = Int32Array.from(slots.subarray(0, used), (slot) => rows[slot] as number);
      return { batches, chunks, waiting };
    },
  };
}

const chunkOrder = (random: Random, pass: number, chunks: number): Int32Array =>
  random.fork(`pass ${pass}`).shuffle(Int32Array.from({ length: chunks }, (_, i) => i));

const noRows = (sites: readonly Site[]): FeedprintError =>
  new FeedprintError({
    code: 'texts-invalid',
    message: `there are no activations to train on at ${sites.join(', ')}`,
    remedy: 'give more or longer texts',
  });
