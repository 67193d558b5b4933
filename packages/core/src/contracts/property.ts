import type { Reply } from './feedback.ts';
import type { Part } from './part.ts';

/** What a property is measured on: the characters of a reply, a language model, or someone's judgement. */
export type PropertySource = 'text' | 'model' | 'judge';

/** A change of a property in words, both ways. */
export interface PropertyWords {
  readonly more: string;
  readonly less: string;
}

/** Something that can be said of a reply, as a number: its length, a list in it, a hedge, a description that a judge applies. */
export interface Property extends Part {
  /** In kebab case, the key of everything that is said of it: `first-person`. */
  readonly name: string;
  /** What is counted, in one plain sentence that a reader of a report understands. */
  readonly definition: string;
  readonly source: PropertySource;
  /**
   * What a model that writes more of it, or less, has learned, as it stands in a sentence: "longer words", "shorter
   * words". Default: more, and less or fewer, of the name.
   */
  readonly inWords?: PropertyWords;
  /**
   * One finite number per reply, `[replies]`, more where there is more of it, whatever stands beside the reply; NaN where
   * nothing can be said, such as where a judge gave no answer.
   */
  measure(replies: readonly Reply[]): Promise<Float64Array>;
}
