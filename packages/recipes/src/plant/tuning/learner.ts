import type { Metrics, Trainer } from '@feedprint/finetune';

/** A tuning that goes on piece by piece. All that a piece depends on is the trainer's state. */
export interface Learner {
  readonly trainer: Pick<Trainer<never>, 'state' | 'restore' | 'save' | 'dispose'>;
  /** Pieces in all, and their name. */
  readonly total: number;
  readonly unit: string;
  /** Pieces done. */
  done(): number;
  /** Does the next piece, and says what was measured in it. */
  advance(): Promise<Metrics>;
  /** What is true of the tuned model, for `feedback.json`. */
  judge(): Promise<Readonly<Record<string, number>>>;
}
