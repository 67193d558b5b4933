/** y = x W^T + b, as most checkpoints store it; `input-output` is GPT-2's y = x W + b. */
export interface Linear {
  /** Name of the stored matrix. */
  readonly weight: string;
  readonly bias?: string;
  /** How the matrix is stored. Default `output-input`. */
  readonly layout?: 'output-input' | 'input-output';
}

/** How a decoder normalises; `weight` and `bias` are stored under the norm's name. */
export interface Norm {
  readonly kind: 'layer' | 'rms';
  readonly epsilon: number;
  /** Scales by 1 + weight, as Gemma does. */
  readonly unitOffset?: boolean;
}

/** Rotary position embedding (Su et al. 2021) of the first `size` units of each head. */
export interface Rotary {
  readonly size: number;
  /** Radians that each of the `size / 2` pairs turns by per position. */
  readonly frequencies: readonly number[];
  /** Unit `i` is paired with `i + size / 2` (`halves`, as in GPT-NeoX) or `i` with `i + 1` (`neighbours`, as in GPT-J). */
  readonly pairs: 'halves' | 'neighbours';
  /** Factor applied to cosines and sines. Default 1. */
  readonly magnitude?: number;
  /** The rotation used instead for texts of more than `beyond` tokens, from their first token on. */
  readonly long?: { readonly beyond: number; readonly frequencies: readonly number[] };
}

/** Where queries, keys and values come from. */
export type QueryKeyValue =
  | { readonly query: Linear; readonly key: Linear; readonly value: Linear }
  /** One layer that gives all queries, then all keys, then all values; or, head by head, a query, a key and a value. */
  | { readonly joint: Linear; readonly order: 'stacked' | 'by-head' };

export interface Attention {
  readonly heads: number;
  /** Fewer than `heads` where several queries share keys and values. */
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly input: QueryKeyValue;
  readonly output: Linear;
  /** Factor applied to the scores. */
  readonly scale: number;
  readonly rotary?: Rotary;
  /** A position sees itself and the positions before it, this many in all. Default: all. */
  readonly window?: number;
  /** Scores become cap * tanh(score / cap). */
  readonly softcap?: number;
  /** Norms over each head's units, before rotation. */
  readonly queryNorm?: string;
  readonly keyNorm?: string;
}

export type Activation = 'gelu' | 'gelu-tanh' | 'silu' | 'relu';

export interface Mlp {
  readonly size: number;
  readonly activation: Activation;
  readonly input: Linear;
  /**
   * A gated MLP multiplies `input` by the activation of the gate. `stacked`: the input layer gives the gate's units,
   * followed by its own.
   */
  readonly gate?: Linear | 'stacked';
  readonly output: Linear;
}

export interface Block {
  /**
   * Names of the norms; without `mlp`, the MLP reads what attention reads; the `Out` ones come after attention and MLP.
   */
  readonly norms: {
    readonly attention: string;
    readonly attentionOut?: string;
    readonly mlp?: string;
    readonly mlpOut?: string;
  };
  readonly attention: Attention;
  readonly mlp: Mlp;
  /** Attention and MLP both read the block's input. */
  readonly parallel: boolean;
}

/** A decoder-only transformer as its architecture file describes it: the model card that forward passes are built from. */
export interface Decoder {
  readonly width: number;
  readonly vocabularySize: number;
  readonly contextLength: number;
  /** Prefix of all names but the head's, which some checkpoints leave out: `transformer.`. */
  readonly prefix: string;
  readonly embedding: {
    readonly tokens: string;
    /** Learned positions, `[contextLength, width]`. */
    readonly positions?: string;
    /** Factor applied to the token embeddings. */
    readonly scale?: number;
  };
  readonly norm: Norm;
  readonly blocks: readonly Block[];
  readonly finalNorm: string;
  /**
   * `tied`: the token embeddings serve as the head of a checkpoint without one, and the head as the embeddings of a
   * checkpoint without those.
   */
  readonly head: Linear & { readonly softcap?: number; readonly tied?: boolean };
  /** Names of a sequence classifier's scores, which `head` then computes. */
  readonly labels?: readonly string[];
}
