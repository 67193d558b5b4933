import type { TokenSequence } from '@feedprint/finetune';

/** What a model is fine-tuned on, tokenised. */
export type Prepared =
  | (Held<TokenSequence> & { readonly kind: 'texts' })
  | (Held<ReplyPair> & { readonly kind: 'pairs' })
  | (Held<LabelledReply> & { readonly kind: 'ratings' });

/** What is learned from, and what is only evaluated on. */
export interface Held<Item> {
  readonly train: readonly Item[];
  readonly heldOut: readonly Item[];
}

/** A reply that was found good or bad on its own. */
export interface LabelledReply {
  readonly sequence: TokenSequence;
  readonly desirable: boolean;
}

/** Two replies to one prompt, which begin at the same token. */
export interface ReplyPair {
  readonly chosen: TokenSequence;
  readonly rejected: TokenSequence;
}

/** Every sequence of what is prepared, what is learned from first. */
export const sequencesIn = ({ train, heldOut }: Prepared): TokenSequence[] =>
  [...train, ...heldOut].flatMap((item) => {
    if ('chosen' in item) return [item.chosen, item.rejected];
    return ['sequence' in item ? item.sequence : item];
  });
