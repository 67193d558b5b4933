import { limitConcurrency } from '@feedprint/core';
import type { ChatModel, FeatureEvidence, FeedbackSignal } from '@feedprint/core';
import { createModelLabeler } from '@feedprint/labeling';
import { summarizeJudge } from './judge-calibration.ts';
import type { JudgeCalibration } from './judge-calibration.ts';
import type { JudgedItem } from './judged-item.ts';
import { judgePlantedClasses } from './planted-classes.ts';
import { judgePlantedWords } from './planted-detection.ts';

export interface LabelerCalibration {
  readonly chat: ChatModel;
  /** Another judge of the same items, to see how far both agree. */
  readonly second?: ChatModel;
  /** Requests under way at once. Default 4. */
  readonly concurrency?: number;
  /** The feedback that the question is about; without it, classes are not calibrated. */
  readonly signal?: Pick<FeedbackSignal<'token'>, 'score'>;
  readonly seed: number;
}

/**
 * How far a chat model can be trusted to say on which texts a described feature is active, from the description alone and
 * with known texts beside it, and whether a description is about the feedback.
 */
export async function calibrateLabeler(
  { chat, second, concurrency = 4, signal, seed }: LabelerCalibration,
  evidence: readonly FeatureEvidence[],
  question: string,
): Promise<JudgeCalibration[]> {
  const windows = evidence.flatMap(({ top, heldOutActive, heldOutSilent }) => [
    ...top,
    ...heldOutActive,
    ...heldOutSilent,
  ]);
  const tasks: Record<string, (judge: ChatModel) => Promise<JudgedItem[]>> = {
    detection: (judge) => judgePlantedWords({ chat: judge, windows, seed }),
    'detection with evidence': (judge) =>
      judgePlantedWords({ chat: judge, windows, seed, withEvidence: true }),
    classification: async (judge) => {
      const labeler = createModelLabeler({ chat: judge, concurrency });
      return signal ? judgePlantedClasses({ labeler, question, signal, windows, seed }) : [];
    },
  };
  const limit = limitConcurrency(concurrency);
  const limited = (judge: ChatModel): ChatModel => ({
    name: judge.name,
    complete: (messages, schema) => limit(() => judge.complete(messages, schema)),
  });
  const found: JudgeCalibration[] = [];
  const answers = new Map<string, readonly JudgedItem[]>();
  for (const [task, judge] of Object.entries(tasks)) {
    const items = await judge(limited(chat));
    if (items.length === 0) continue;
    answers.set(task, items);
    const others = second && (await judge(limited(second)));
    const direct = task === 'detection with evidence' ? answers.get('detection') : undefined;
    found.push(
      summarizeJudge({
        ...{ judge: chat.name, task, items },
        ...(others && { second: others }),
        ...(direct && { direct }),
      }),
    );
  }
  return found;
}
