import { createRandom, limitConcurrency } from '@feedprint/core';
import type { ChatModel, FeedbackSignal, Reply } from '@feedprint/core';
import { chooseReply, plantFault, plantedFaults } from '@feedprint/feedback';
import type { PlantedFault } from '@feedprint/feedback';
import { rateOf } from '@feedprint/probe';
import type { Rate } from '@feedprint/probe';

export interface GraderCalibrationOptions {
  readonly signal: FeedbackSignal<'sequence'>;
  /** Asked for the better of two replies, in both orders. */
  readonly chat: ChatModel;
  readonly rubric: string;
  /** Replies that are fine as they are. */
  readonly replies: readonly Reply[];
  /** Requests under way at once. Default 4. */
  readonly concurrency?: number;
  readonly seed: number;
}

/** How a judge grades replies with one fault beside the same replies without. */
export interface FaultGrades {
  readonly fault: PlantedFault;
  /** Pairs with two usable grades. */
  readonly n: number;
  /** The faulty one has the lower grade; for `padded`, the longer one the higher grade. Of those that differ. */
  readonly found: Rate;
  readonly ties: number;
  /** Grade without the fault minus grade with it, on average; null without pairs. */
  readonly gap: number | null;
}

export interface GraderCalibration {
  readonly judge: string;
  readonly faults: readonly FaultGrades[];
  /** The first of two replies was called better, whichever that was; half of them would be. */
  readonly first: Rate;
  /** The same reply was called better in both orders. */
  readonly consistent: Rate;
}

/**
 * How far a judge's grades can be trusted: does it see planted faults, does it like padding, and does the order of two
 * replies decide which it calls better? Throws what the judge throws.
 */
export async function calibrateGrader(
  options: GraderCalibrationOptions,
): Promise<GraderCalibration> {
  const { signal, chat, rubric, replies, concurrency = 4, seed } = options;
  const random = createRandom(seed).fork('planted faults');
  const faults: FaultGrades[] = [];
  const compared: { readonly prompt: string; readonly good: string; readonly bad: string }[] = [];
  for (const fault of plantedFaults) {
    const pairs = replies.flatMap((good) => {
      const bad = plantFault(good, fault, { others: replies, random });
      return bad ? [{ good, bad }] : [];
    });
    const grades = await signal.score(pairs.flatMap(({ good, bad }) => [good, bad]));
    faults.push(
      gradesOf(
        fault,
        pairs.map((_, i) => [grades[2 * i], grades[2 * i + 1]]),
      ),
    );
    if (fault === 'shuffled' || fault === 'repeated') {
      compared.push(
        ...pairs.map(({ good, bad }) => ({
          prompt: good.prompt,
          good: good.reply,
          bad: bad.reply,
        })),
      );
    }
  }
  const limit = limitConcurrency(concurrency);
  const answers = await Promise.all(
    compared.map(({ prompt, good, bad }) =>
      Promise.all(
        (
          [
            [good, bad],
            [bad, good],
          ] as const
        ).map((pair) => limit(() => chooseReply(chat, rubric, { prompt, replies: pair }))),
      ),
    ),
  );
  const both = answers.filter((pair) => pair.every((answer) => answer !== undefined));
  const all = both.flat();
  return {
    judge: signal.name,
    faults,
    first: rateOf(all.filter((answer) => answer === 'first').length, all.length),
    consistent: rateOf(both.filter(([a, b]) => a !== b).length, both.length),
  };
}

function gradesOf(
  fault: PlantedFault,
  grades: readonly (readonly [number | undefined, number | undefined])[],
): FaultGrades {
  const gaps = grades.flatMap(([good, bad]) =>
    good === undefined || bad === undefined ? [] : [good - bad],
  );
  const sign = fault === 'padded' ? -1 : 1;
  const apart = gaps.filter((gap) => gap !== 0);
  return {
    fault,
    n: gaps.length,
    found: rateOf(apart.filter((gap) => sign * gap > 0).length, apart.length),
    ties: gaps.length - apart.length,
    gap: gaps.length === 0 ? null : gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length,
  };
}
