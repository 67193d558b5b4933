import { chance, pick } from './random.ts';
import type { Random } from './random.ts';
import { writeReview } from './review.ts';

const questions = [
  'Would I come again?',
  'Was it worth the price?',
  'What more can you ask for?',
  'Who would have thought so?',
];

/** A shorter review of one to five sentences that differs from others in how it is written: some are loud, some ask something. */
export function writeLivelyReview(random: Random): string {
  const most = 1 + Math.floor(5 * random.next());
  const loud = chance(random, 0.3) ? 0.6 : 0.05;
  const sentences = writeReview(random)
    .split(/(?<=[.!?]) /)
    .slice(0, most)
    .map((sentence) => (chance(random, loud) ? sentence.replace(/\.$/, '!') : sentence));
  if (chance(random, 0.15)) sentences.push(pick(random, questions));
  return sentences.join(' ');
}
