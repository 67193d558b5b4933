/** One text as the feedback and the models see it as a whole. */
export interface ReplyMeasure {
  /** Sum over its tokens of log p_tuned - log p_base, nats. */
  readonly reward: number;
  /** Stated feedback summed over its tokens. */
  readonly stated: number;
  /** Tokens that the sums run over. */
  readonly tokens: number;
}

export interface ReplyDiscrepancy extends ReplyMeasure {
  /** Reward that the stated feedback and the length predict. */
  readonly expected: number;
  /** Standardised residual: positive where more was learned than stated. */
  readonly score: number;
  /** Two-sided. */
  readonly p: number;
  readonly q: number;
  readonly flagged: boolean;
}

export interface ReplyDiscrepancies {
  /** reward = constant + perStated stated + perToken tokens. */
  readonly constant: number;
  readonly perStated: number;
  readonly perToken: number;
  /** In the order given. */
  readonly replies: readonly ReplyDiscrepancy[];
}
