import { and, greaterOrEqual, less, sub, where } from '@feedprint/graph';
import type { Graph, RotaryTurns, Tensor } from '@feedprint/graph';
import type { Rotary } from './decoder.ts';
import { rotaryTurns } from './rotary.ts';
import type { Weights } from './weights.ts';

/** Passes every named activation on, or replaces it with an edited one. */
export interface Tap {
  (site: string, activation: Tensor): Tensor;
  /** Whether anything happens at a site; otherwise, what only the tap would need is not computed. */
  wants(site: string): boolean;
}

/** Inputs of a forward pass. Rows of all texts are packed, without padding; only attention sees them padded. int32. */
export interface ForwardInputs {
  /** Token ids, `[positions]`. */
  readonly ids: Tensor;
  /** Position of each token in its text, `[positions]`. */
  readonly position: Tensor;
  /** Packed row of each padded place, an arbitrary row where there is no token, `[batch, 1, length]`. */
  readonly slots: Tensor;
  /** 0, 1, 2, ... int64 `[batch, length]`. */
  readonly places: Tensor;
  /** Padded place of each packed row, `[positions]`. */
  readonly kept: Tensor;
  /** Position of each padded place as a query, `[batch, 1, 1, length, 1]`, and as a key, `[batch, 1, 1, 1, length]`. */
  readonly queryPositions: Tensor;
  readonly keyPositions: Tensor;
  /** Position of each place of the cache, `[batch, 1, 1, 1, cached]`, beyond all others where the cache is empty. */
  readonly pastPositions: Tensor;
}

/** `[batch, keyValueHeads, 1, keys, headSize]` of one layer. */
export interface KeyValue {
  readonly key: Tensor;
  readonly value: Tensor;
}

/** Takes a layer's new keys and values, and returns those of earlier passes. */
export type CacheTap = (
  layer: number,
  fresh: KeyValue,
  shape: readonly [keyValueHeads: number, headSize: number],
) => KeyValue | undefined;

/** A forward pass that is being built. */
export interface ForwardContext {
  readonly graph: Graph;
  readonly weights: Weights;
  readonly inputs: ForwardInputs;
  readonly tap: Tap;
  readonly cache: CacheTap | undefined;
  /** Rotation angles at the positions. */
  turns(rotary: Rotary): RotaryTurns;
  /** 0 where a query may see a key, -1e30 elsewhere. */
  mask(window: number | undefined): Tensor;
  /** The same for keys of the cache. */
  pastMask(window: number | undefined): Tensor;
  /** Builds what several layers share, once. */
  once<T>(key: string, build: () => T): T;
}

export interface ForwardContextOptions {
  readonly graph: Graph;
  readonly weights: Weights;
  readonly tap: Tap;
  readonly cache?: CacheTap | undefined;
}

export function createForwardContext(options: ForwardContextOptions): ForwardContext {
  const { graph } = options;
  const int32 = (name: string, shape: readonly (string | number)[]): Tensor =>
    graph.input(name, 'int32', shape);
  const inputs: ForwardInputs = {
    ids: int32('ids', ['positions']),
    position: int32('position', ['positions']),
    slots: int32('slots', ['batch', 1, 'length']),
    places: graph.input('places', 'int64', ['batch', 'length']),
    kept: int32('kept', ['positions']),
    queryPositions: int32('queryPositions', ['batch', 1, 1, 'length', 1]),
    keyPositions: int32('keyPositions', ['batch', 1, 1, 1, 'length']),
    pastPositions: int32('pastPositions', ['batch', 1, 1, 1, 'cached']),
  };
  const built = new Map<string, unknown>();
  const once = <T>(key: string, build: () => T): T => {
    if (!built.has(key)) built.set(key, build());
    return built.get(key) as T;
  };
  const maskOf = (keys: Tensor, window: number | undefined): Tensor => {
    const { queryPositions } = inputs;
    const earlier = greaterOrEqual(queryPositions, keys);
    const visible = window ? and(earlier, less(sub(queryPositions, keys), window)) : earlier;
    return where(visible, 0, -1e30);
  };
  return {
    ...options,
    cache: options.cache,
    inputs,
    once,
    turns: (rotary) => once(`turns ${JSON.stringify(rotary)}`, () => rotaryTurns(rotary, inputs)),
    mask: (window) => once(`mask ${window}`, () => maskOf(inputs.keyPositions, window)),
    pastMask: (window) => once(`past mask ${window}`, () => maskOf(inputs.pastPositions, window)),
  };
}
