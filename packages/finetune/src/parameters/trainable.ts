/** Which numbers training may change. */
export type Trainable =
  | { readonly kind: 'full' }
  /** Only these parameters of the model, by their names in `LanguageModel.parameters()`. */
  | { readonly kind: 'mask'; readonly names: readonly string[] }
  | ({ readonly kind: 'lora' } & LoraSettings);

/** Low-rank updates of linear layers, W + alpha / rank B A (Hu et al. 2021, arXiv 2106.09685). */
export interface LoraSettings {
  readonly rank: number;
  readonly alpha: number;
  /** Ends of the names of the layers: `query_key_value`. Default: all linear layers of the blocks. */
  readonly targets?: readonly string[];
}

/** A parameter before training. */
export interface PlannedParameter {
  readonly name: string;
  readonly shape: readonly number[];
  initial(): Float32Array;
}
