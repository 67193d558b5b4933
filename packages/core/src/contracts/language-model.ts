import type { Matrix } from '../matrix.ts';
import type { ChatTurn } from './feedback.ts';

/** A named point of the forward pass, as TransformerLens names it: `blocks.3.hook_mlp_out`. */
export type Site = string;

export interface SiteInfo {
  readonly site: Site;
  /** Block that the site belongs to, from 0; absent for sites before or after all blocks. */
  readonly layer?: number;
  /** Units per position. */
  readonly width: number;
}

export interface ModelInfo {
  /** Architecture as `config.json` names it: `gpt_neox`. */
  readonly architecture: string;
  readonly layers: number;
  readonly width: number;
  readonly vocabularySize: number;
  /** Positions that the model can see at once. */
  readonly contextLength: number;
  /**
   * Names of the scores that a classifier or reward model gives instead of next-token logits: `logits: 'last'` is then
   * `[rows, labels]`, read at each row's last token that is not padding, and log-probabilities and generation are refused. None for a
   * language model.
   */
  readonly labels?: readonly string[];
}

export interface EncodeOptions {
  /**
   * Returns only the first ids of the text, at most this many, so that the rest of a long text need not be read.
   * Default: all.
   */
  readonly maxTokens?: number;
  /**
   * Whether to add the tokens that the tokenizer puts around a text, such as `<s>` before it; without them, a model
   * sees texts unlike those it was trained on. Default true; pass false for parts of a text, and for texts that already
   * contain these tokens, such as those written by chat templates.
   */
  readonly special?: boolean;
}

/** Writes conversations as the text that a model was tuned on, special tokens included. */
export interface ChatTemplate {
  /** Equal for templates that write every conversation alike. */
  readonly fingerprint: string;
  /**
   * The text of the turns, with `addGenerationPrompt` up to where the model's answer begins. Throws `texts-invalid` for a
   * conversation that the template refuses, `checkpoint-invalid` for a faulty template.
   */
  render(
    turns: readonly ChatTurn[],
    options?: { readonly addGenerationPrompt?: boolean; readonly now?: Date },
  ): string;
}

export interface Tokenizer {
  readonly vocabularySize: number;
  /** Ids of tokens that are not text (end of text, padding). */
  readonly specialIds: ReadonlySet<number>;
  encode(text: string, options?: EncodeOptions): readonly number[];
  decode(ids: readonly number[]): string;
  /** The text of one token, leading space kept: `" good"`. */
  tokenText(id: number): string;
  /** Equal for tokenizers that produce equal ids for every text. */
  readonly fingerprint: string;
  /**
   * Equal for tokenizers that produce equal ids for every text without special tokens added after the vocabulary, such
   * as padding. Default: `fingerprint`.
   */
  readonly textFingerprint?: string;
  /**
   * The template by which conversations become texts for this tokenizer: one written in Jinja, or its own; `undefined`
   * if it has none. Absent for a tokenizer that knows of no templates.
   */
  readonly chatTemplate?: (source?: string) => ChatTemplate | undefined;
  /**
   * The error for a model that came without a tokenizer: everything else in this interface throws it. Token ids can
   * still be run.
   */
  readonly missing?: Error;
}

/** Token ids of several texts. Rows may differ in length; implementations pad and mask. */
export type TokenRows = readonly ArrayLike<number>[];

/** A change to the forward pass at one site. */
export interface Edit {
  readonly site: Site;
  /**
   * New activations for `activations` `[positions, width]` (real positions only, in row order), or the same object for
   * no change. `position[i]` is the position of row `i` in its text, so that an edit can act on chosen positions.
   */
  apply(activations: Matrix, position: Int32Array): Matrix | Promise<Matrix>;
  /** What `apply` returns if it is always the same, so that a model may leave out what comes before the site. */
  readonly replacement?: Matrix;
}

export interface RunRequest {
  /** Sites whose activations to return. */
  readonly capture?: readonly Site[];
  readonly edits?: readonly Edit[];
  /** `last`: logits after each row's last token; `all`: after every token. Default `none`. */
  readonly logits?: 'none' | 'last' | 'all';
  /** Log-probability (nats) of each token given those before it. */
  readonly tokenLogProbs?: boolean;
  /** Log-probability (nats) of these vocabulary ids after every position. */
  readonly logProbsOf?: Int32Array;
}

/** Positions are concatenated over the rows in order, padding left out. */
export interface RunResult {
  /** Site -> `[positions, width]`. */
  readonly activations: ReadonlyMap<Site, Matrix>;
  /** `[rows, vocabulary]` for `last`, `[positions, vocabulary]` for `all`. */
  readonly logits?: Matrix;
  /** `[positions]`, 0 at each row's first token, which nothing predicts. */
  readonly tokenLogProbs?: Float32Array;
  /** `[positions, logProbsOf.length]`. */
  readonly logProbsOf?: Matrix;
}

interface GradientOptions {
  readonly sites: readonly Site[];
  /**
   * As in a run. Gradients are with respect to what the edits leave at the sites, and pass back through edits that are
   * part of the graph; the result of any other edit is treated as a constant.
   */
  readonly edits?: readonly Edit[];
}

/** Gradients of the summed log-probability (nats) of tokens. */
export interface TargetGradients extends GradientOptions {
  /** `targets[r][t]` is the token after position `t` of row `r`; -1 leaves the position out. */
  readonly targets: readonly ArrayLike<number>[];
}

/**
 * Gradients of the sum of the logits times `cotangents`: if these are the gradient of a function of the logits,
 * gradients of that function.
 */
export interface CotangentGradients extends GradientOptions {
  /** `[positions, vocabulary]`, as logits `all` of a run. */
  readonly cotangents: Matrix;
}

export type GradientRequest = TargetGradients | CotangentGradients;

export interface Sampling {
  /** New tokens per prompt; generation also stops at the context's end. */
  readonly maxNewTokens: number;
  /** Divides the logits; 0 takes the most probable token. Default 1. */
  readonly temperature?: number;
  /** Only this many of the most probable tokens may be drawn. Default: all. */
  readonly topK?: number;
  /** Only the most probable tokens that together have this share of the probability (nucleus sampling). Default 1. */
  readonly topP?: number;
  /** Only tokens at least this share as probable as the most probable one. Default 0. */
  readonly minP?: number;
  /** A row ends as soon as its new text contains one of these; its tokens up to there are returned. */
  readonly stop?: readonly string[];
  /** Whether the special token that ends a row, if one does, is returned as its last token. Default false. */
  readonly keepEnd?: boolean;
  readonly seed: number;
  readonly edits?: readonly Edit[];
}

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major f32; may be read from a file when it is first asked for. */
  readonly data: Float32Array;
  /** The tensor whose numbers it shares, as a head tied to the embeddings does; sums over a model leave it out. */
  readonly sameAs?: string;
  /** Block that it belongs to, from 0; absent for embeddings and the final norm. */
  readonly layer?: number;
}

/** A causal language model whose activations can be read and changed while it runs. */
export interface LanguageModel {
  readonly name: string;
  /** Equal for models with equal weights and configuration. */
  readonly fingerprint: string;
  readonly info: ModelInfo;
  readonly tokenizer: Tokenizer;
  readonly sites: readonly SiteInfo[];
  /** One forward pass. Computes only the layers that the request needs. */
  run(rows: TokenRows, request: RunRequest): Promise<RunResult>;
  /**
   * Gradients of what the request names, with respect to the activations at sites: site -> `[positions, width]`,
   * positions as in `RunResult`. Absent where the model cannot be differentiated. Throws `shape-mismatch` for targets
   * or cotangents that do not fit the rows, and for sites that edits cut off from the output.
   */
  gradients?(rows: TokenRows, request: GradientRequest): Promise<ReadonlyMap<Site, Matrix>>;
  /** The new tokens of each prompt. */
  generate(prompts: TokenRows, sampling: Sampling): Promise<number[][]>;
  /** The weights that the model computes with, by the architecture's names for them, one at a time. */
  parameters(): Iterable<NamedTensor>;
  /**
   * This model with other numbers in some of its parameters, by their names in `parameters()`, row-major f32 and as many as before. A head
   * that is tied to the embeddings is a parameter of its own here: to change one leaves the other as it is. Everything else is shared, so
   * that this model must outlive what is made of it. Absent where parameters cannot be exchanged. Throws `usage` for a name
   * that the model does not have, `shape-mismatch` for another count of numbers, `numbers-invalid` for NaN or infinity.
   */
  withParameters?(changed: ReadonlyMap<string, Float32Array>): LanguageModel;
  dispose(): Promise<void>;
}

/** How far tuning moved one block. */
export interface LayerDivergence {
  readonly layer: number;
  /** L2 norm of the difference over all of the block's parameters. */
  readonly l2: number;
  /** `l2` divided by the L2 norm of the base's parameters. */
  readonly relativeL2: number;
}

/** Ranks blocks by how far tuning moved them; in layer order. */
export type DivergenceMeasure = (
  base: LanguageModel,
  tuned: LanguageModel,
) => readonly LayerDivergence[];
