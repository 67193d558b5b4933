import { createRandom } from '@feedprint/core';
import type { ActivationExample, FeedbackSignal, Labeler } from '@feedprint/core';
import { formatFiringSentence } from '@feedprint/labeling';
import type { JudgedItem } from './judged-item.ts';

export interface PlantedClassesOptions {
  readonly labeler: Pick<Labeler, 'classify'>;
  readonly question: string;
  /** The feedback that the question is about. */
  readonly signal: Pick<FeedbackSignal<'token'>, 'score'>;
  /** Windows of real texts, whose words the descriptions name. */
  readonly windows: readonly ActivationExample[];
  /** Most descriptions, half of each kind. Default 60. */
  readonly items?: number;
  readonly seed: number;
}

/** Words in a description. */
const named = 3;

/**
 * Has descriptions classified whose class is known: half name words on which the feedback is strong, half name words on
 * which it says nothing. None if the texts have too few words of either kind.
 */
export async function judgePlantedClasses(options: PlantedClassesOptions): Promise<JudgedItem[]> {
  const { labeler, question, signal, windows, items = 60, seed } = options;
  const words = [
    ...new Set(windows.flatMap(({ tokens }) => tokens.filter((t) => /^ \p{L}{3,}$/u.test(t)))),
  ].sort();
  const scores = await signal.score(words);
  const size = (i: number): number => Math.abs(scores[i] ?? 0);
  const largest = words.reduce((most, _, i) => Math.max(most, size(i)), 0);
  const scored = words.filter((_, i) => size(i) > 0 && size(i) >= largest / 2);
  const unscored = words.filter((_, i) => scores[i] === undefined);
  if (scored.length < named || unscored.length < named) return [];
  const random = createRandom(seed).fork('planted classes');
  const describe = (from: readonly string[]): string =>
    formatFiringSentence({
      tokens: random
        .shuffle([...from])
        .slice(0, named)
        .map((token) => ({ token, share: 1 / named })),
    });
  const asked = Array.from({ length: items }, (_, i) => {
    const truth = i % 2 === 0;
    return { truth, description: describe(truth ? scored : unscored) };
  });
  return Promise.all(
    asked.map(async ({ truth, description }) => ({
      truth,
      said: (await labeler.classify(description, question))?.related,
    })),
  );
}
