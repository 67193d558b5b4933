import type { LanguageModel } from '@feedprint/core';
import type { Graph, Tensor, Value } from '@feedprint/graph';
import type { TokenSequence } from '../token-sequence.ts';

/**
 * What is learned from: a value that says what an item of a batch holds, and its loss as graph nodes. A batch may be
 * divided into several passes, whose losses, metrics and gradients are added up: each is the pass's share of the whole
 * batch's.
 */
export interface Method<Item> {
  /** As commands and folders name it: `dpo`. */
  readonly name: string;
  /** What decides its numbers, for keys of runs. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Parameters of its own, beside the model's: a value head. Trained with the others, not part of what is saved. */
  readonly heads?: readonly Head[];
  /** What the policy reads for an item, in an order that `objective` knows; equally many for each. */
  sequences(item: Item): readonly TokenSequence[];
  /** What must be known of the policy before a whole batch is learned from. */
  measure?(batch: readonly Item[], policy: LanguageModel): Promise<Measured>;
  /** Values of the inputs that `objective` adds to the graph, for the items of one pass over a part of `batch`. */
  feeds(
    items: readonly Item[],
    batch: readonly Item[],
    measured: Measured,
  ): Readonly<Record<string, Value>>;
  objective(pass: PolicyPass): Objective;
  /** Metrics that a batch has nothing to say about. */
  missing?(batch: readonly Item[]): readonly string[];
}

export type Measured = Readonly<Record<string, number>>;

export interface Head {
  readonly name: string;
  /** Shape, given the width of the residual stream. */
  shape(width: number): readonly number[];
  /** Default: zeros. */
  readonly initial?: (size: number) => Float32Array;
}

/** What the policy makes of a pass's sequences. `targets` are the tokens of all replies, one sequence after another. */
export interface PolicyPass {
  readonly graph: Graph;
  /** Log-probability (nats) of each target, `[targets, 1]`. */
  readonly logProbs: Tensor;
  /** What each target is predicted from: the final norm's output, `[targets, width]`, and its logits `[targets, vocabulary]`. */
  readonly hidden: Tensor;
  readonly logits: Tensor;
  /** Sums of a column `[targets, 1]` over each sequence, `[sequences, 1]`. */
  perSequence(column: Tensor): Tensor;
  /** A parameter of the method's own. */
  head(name: string): Tensor;
}

/** f32 scalars. */
export interface Objective {
  readonly loss: Tensor;
  /** By the names that TRL gives them. */
  readonly metrics: Readonly<Record<string, Tensor>>;
}
