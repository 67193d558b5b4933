/** What one label-free method says about one word. */
export interface ChangeScore {
  readonly method: string;
  readonly word: string;
  readonly token: number;
  readonly value: number;
  /** Whether the value has a direction, up or down; a magnitude has none. */
  readonly signed: boolean;
  /** Number of measured positions that the word follows. */
  readonly n: number;
}
