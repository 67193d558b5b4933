/** Why an operation stopped; stable, for code that catches errors. */
export type FeedprintErrorCode =
  | 'checkpoint-invalid'
  | 'checkpoint-unsupported'
  | 'models-mismatched'
  | 'numbers-invalid'
  | 'texts-invalid'
  | 'feedback-empty'
  | 'shape-mismatch'
  | 'config-invalid'
  | 'usage'
  | 'output-unwritable'
  | 'run-invalid'
  | 'dependency-missing'
  | 'service-failed'
  | 'budget-reached'
  | 'cancelled'
  | 'internal';

export interface FeedprintErrorOptions {
  readonly code: FeedprintErrorCode;
  /** What was wrong, with the value and the place. */
  readonly message: string;
  /** What the reader can do about it. */
  readonly remedy: string;
  readonly cause?: unknown;
}

/**
 * The only error that Feedprint's packages throw on purpose: a sentence, a remedy and a stable code; never a secret.
 */
export class FeedprintError extends Error {
  readonly code: FeedprintErrorCode;
  readonly remedy: string;

  constructor({ code, message, remedy, cause }: FeedprintErrorOptions) {
    super(`${message}; ${remedy}`, cause === undefined ? undefined : { cause });
    this.name = 'FeedprintError';
    this.code = code;
    this.remedy = remedy;
  }

  /** True for a `FeedprintError` from any copy of this package. */
  static is(value: unknown): value is FeedprintError {
    return value instanceof Error && value.name === 'FeedprintError' && 'remedy' in value;
  }
}
