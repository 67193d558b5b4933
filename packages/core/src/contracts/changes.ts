/** A token that the tuned model added to a prompt, as the base model sees it given the same prefix. */
export interface ShiftedToken {
  /** Index of the prompt. */
  readonly prompt: number;
  /** Among the tokens added to it, from 0. */
  readonly position: number;
  readonly token: number;
  /** Among the base model's next-token logits, from 1. */
  readonly rank: number;
  /** KL(tuned || base) of the next-token distributions there, nats. */
  readonly kl: number;
  /** log p_tuned / p_base of the token, nats: the reward that KL-regularised tuning implies. */
  readonly logRatio: number;
}
