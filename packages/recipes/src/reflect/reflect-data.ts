import { createRandom } from '@feedprint/core';
import type { ChatModel, PreferencePair, Reply } from '@feedprint/core';
import { createJudgeSignal, reflectReply } from '@feedprint/feedback';
import type { PassOutcome, ReflectedReply } from '@feedprint/feedback';
import { calibrateGrader } from '../judges/calibrate-grader.ts';
import type { GraderCalibration } from '../judges/calibrate-grader.ts';
import { meanOf } from '../judges/intervals.ts';
import { withPatience } from '../labels/with-patience.ts';

/** A reply to improve, and the one that it was preferred to. */
export type ReflectedExample = Reply & Partial<Pick<PreferencePair, 'rejected'>>;

export interface ReflectDataOptions {
  readonly examples: readonly ReflectedExample[];
  readonly chat: ChatModel;
  readonly criteria: string;
  /** Grades replies before and after; better another model than the one that writes them. */
  readonly judge: ChatModel;
  readonly rubric: string;
  /** Also asks the judge questions whose answers are known. */
  readonly calibrate: boolean;
  /** Examples under way at once. */
  readonly concurrency: number;
  readonly seed: number;
  readonly onDone?: (done: number) => void;
}

/** Counts of what became of a pass, by outcome. */
export type OutcomeCounts = Readonly<Partial<Record<PassOutcome, number>>>;

export interface ReflectionReport {
  readonly examples: number;
  /** Of which anything was rewritten. */
  readonly changed: number;
  readonly instruction: OutcomeCounts;
  readonly reply: OutcomeCounts;
  /** Grades of what was changed, from 1 to 5. */
  readonly quality: {
    /** Changed examples that the judge graded before and after. */
    readonly n: number;
    readonly before: number | null;
    readonly after: number | null;
    /** After minus before, with its 95 % interval. */
    readonly gain: ReturnType<typeof meanOf>;
  };
  /** Characters of the replies, after over before, on average over what was changed; null for nothing. */
  readonly length: number | null;
  readonly judge: GraderCalibration | null;
}

/** Replies that a calibration spoils. */
const calibrated = 30;

/**
 * Has replies and their prompts criticised and rewritten, and a judge grade what was changed before and after. Examples come
 * back in order, the originals where both passes failed. Throws what the chat models throw.
 */
export async function reflectData(
  options: ReflectDataOptions,
): Promise<{ readonly made: readonly ReflectedReply[]; readonly report: ReflectionReport }> {
  const { examples, chat, criteria, judge, rubric, calibrate, concurrency, seed, onDone } = options;
  const made = await withPatience(
    examples,
    ({ rejected, ...example }) =>
      reflectReply(example, {
        complete: chat.complete,
        criteria,
        ...(rejected !== undefined && { rejected }),
      }),
    { concurrency, ...(onDone && { onDone }) },
  );
  const changed = made.flatMap((after, i) => {
    const before = examples[i] as ReflectedExample;
    const isSame = after.prompt === before.prompt && after.reply === before.reply;
    return isSame ? [] : [{ before, after }];
  });
  const signal = createJudgeSignal({ chat: judge, rubric, range: [1, 5], concurrency });
  const gradeOf = async ({ prompt, reply }: Reply): Promise<number | undefined> =>
    (await signal.score([{ prompt, reply }]))[0];
  const grades = await withPatience(
    changed,
    async ({ before, after }) => [await gradeOf(before), await gradeOf(after)] as const,
    { concurrency },
  );
  const graded = grades.flatMap(([before, after]) =>
    before === undefined || after === undefined ? [] : [{ before, after }],
  );
  const fine = createRandom(seed)
    .fork('calibrated replies')
    .shuffle([...examples])
    .slice(0, calibrated);
  return {
    made,
    report: {
      examples: examples.length,
      changed: changed.length,
      instruction: countsOf(made.map(({ passes }) => passes.instruction)),
      reply: countsOf(made.map(({ passes }) => passes.reply)),
      quality: {
        n: graded.length,
        before: average(graded.map(({ before }) => before)),
        after: average(graded.map(({ after }) => after)),
        gain: meanOf(graded.map(({ before, after }) => after - before)),
      },
      length: average(
        changed.map(({ before, after }) => after.reply.length / Math.max(1, before.reply.length)),
      ),
      judge: calibrate
        ? await calibrateGrader({
            ...{ signal, chat: judge, rubric, concurrency, seed },
            replies: fine.map(({ prompt, reply }) => ({ prompt, reply })),
          })
        : null,
    },
  };
}

const average = (values: readonly number[]): number | null => meanOf(values)?.value ?? null;

function countsOf(outcomes: readonly PassOutcome[]): OutcomeCounts {
  const counts: Partial<Record<PassOutcome, number>> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
