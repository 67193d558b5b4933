import type { LanguageModel, Matrix, Part, Random } from '@feedprint/core';

export interface PlaceboJob {
  readonly base: LanguageModel;
  readonly tuned: LanguageModel;
  /** Token ids of the texts that they are measured on. */
  readonly rows: readonly Int32Array[];
  /** Vocabulary ids whose probabilities are wanted. */
  readonly ids: readonly number[];
  readonly random: Random;
  readonly progress: (done: number, total: number) => void;
}

/** A model that cannot have learned the feedback. */
export interface Placebo {
  readonly name: string;
  /** A sentence. */
  readonly description: string;
  /** How often it expects each id in each text, `[texts, ids]`. */
  readonly counts: Matrix;
}

export interface PlaceboCounts {
  /** Of the base, on the same texts. */
  readonly base: Matrix;
  readonly models: readonly Placebo[];
}

/** A model that cannot have learned anything, to be asked about any text. Whoever asked for it disposes of it. */
export interface PlaceboModel {
  readonly name: string;
  /** A sentence. */
  readonly description: string;
  /** At which it is the base, if that is what it is. */
  readonly temperature?: number;
  readonly model: LanguageModel;
}

/** The part that makes models that differ from the base as much as the tuned one does, and have not seen the feedback. */
export interface PlaceboParts extends Part {
  measure(job: PlaceboJob): Promise<PlaceboCounts>;
  /** The models themselves, as far as they can be made of the base; absent: none. */
  models?(
    job: Pick<PlaceboJob, 'base' | 'tuned' | 'rows' | 'random'>,
  ): Promise<readonly PlaceboModel[]>;
}
