import type { Metrics, Trainer } from '@feedprint/finetune';

/** A tuning that goes on piece by piece. All that a piece depends on is the trainer's state. */
export interface Learner {
  readonly trainer: Pick<Trainer<never>, 'state' | 'restore' | 'model' | 'save' | 'dispose'>;
  /** Pieces in all, and their name. */
  readonly total: number;
  readonly unit: string;
  /** Pieces done. */
  done(): number;
  /** Does the next piece, and says what was measured in it. */
  advance(): Promise<Metrics>;
  /** What is true of the tuned model, beside what was measured on the way. */
  judge(): Promise<Readonly<Record<string, number>>>;
}
