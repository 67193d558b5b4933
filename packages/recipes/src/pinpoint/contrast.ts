import { FeedprintError, createRandom } from '@feedprint/core';
import type { PairFile } from '@feedprint/feedback';
import type { TokenSequence } from '@feedprint/finetune';
import type { ReplyEncoder } from '../encode-pair.ts';

/** A prompt with the answer that shows a behaviour and one that does not. */
export interface ContrastivePrompt {
  readonly shows: TokenSequence;
  readonly other: TokenSequence;
  /** A prompt whose answer that shows the behaviour is another one, as token ids. */
  readonly contrast: ArrayLike<number>;
}

/** Prompts to rank modules by, and others to see what became of the behaviour. */
export interface Contrast {
  readonly ranking: readonly ContrastivePrompt[];
  readonly heldOut: readonly ContrastivePrompt[];
}

/**
 * Contrastive prompts of a file of pairs: `chosen` shows the behaviour, `rejected` does not. Each gets the prompt of another one,
 * whose `chosen` differs, as its contrast; a seeded half is held out. Throws `texts-invalid` where all answers are the same.
 */
export function prepareContrast(
  { pairs, file }: PairFile,
  { encoder, seed }: { readonly encoder: ReplyEncoder; readonly seed: number },
): Contrast {
  const random = createRandom(seed).fork('contrastive prompts');
  const encoded = random.shuffle(
    pairs.flatMap((record, index) => {
      const pair = record.tie ? undefined : encoder.encodePair(record, index);
      return pair ? [{ answer: record.chosen, ...pair }] : [];
    }),
  );
  const all = encoded.flatMap(({ answer, chosen, rejected }, i): ContrastivePrompt[] => {
    const others = encoded.filter((one, j) => j !== i && one.answer !== answer);
    const contrast = others[random.integer(Math.max(1, others.length))]?.chosen;
    if (!contrast) return [];
    return [
      {
        shows: { ids: chosen.row, start: chosen.start },
        other: { ids: rejected.row, start: rejected.start },
        contrast: contrast.row.slice(0, contrast.start),
      },
    ];
  });
  if (all.length < 2) throw noContrast(file);
  const half = Math.ceil(all.length / 2);
  return { ranking: all.slice(0, half), heldOut: all.slice(half) };
}

const noContrast = (file: string): FeedprintError =>
  new FeedprintError({
    code: 'texts-invalid',
    message: `${file} holds no contrastive prompts: the same answer shows the behaviour everywhere`,
    remedy:
      'give prompts to which different answers show it: {"prompt": "I think it is red. What is it?", "chosen": "red", "rejected": "blue"}',
  });
