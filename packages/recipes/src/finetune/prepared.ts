import type { TokenSequence } from '@feedprint/finetune';

/** What a model is fine-tuned on, tokenised: to learn from, and held out. */
export type Prepared =
  | {
      readonly kind: 'texts';
      readonly train: readonly TokenSequence[];
      readonly heldOut: readonly TokenSequence[];
    }
  | {
      readonly kind: 'pairs';
      readonly train: readonly ReplyPair[];
      readonly heldOut: readonly ReplyPair[];
    };

/** Two replies to one prompt, which begin at the same token. */
export interface ReplyPair {
  readonly chosen: TokenSequence;
  readonly rejected: TokenSequence;
}
