import { createRandom } from '@feedprint/core';
import type { ActivationExample, ChatModel } from '@feedprint/core';
import { judgeTexts } from '@feedprint/labeling';
import type { JudgedItem } from './judged-item.ts';

export interface PlantedDetectionOptions {
  readonly chat: ChatModel;
  /** Windows of real texts. */
  readonly windows: readonly ActivationExample[];
  /** Also shows the judge texts on which the planted feature is active, rather than its description alone. */
  readonly withEvidence?: boolean;
  /** Most planted features; each has up to 20 texts. Default 30. */
  readonly words?: number;
  readonly seed: number;
}

/** Texts asked about together, half of them with the word, and texts shown as evidence. */
const [asked, shown] = [20, 2];

/**
 * Asks about features whose truth is known without any model: each is active on the occurrences of one word in real texts,
 * and the description says so. Of the texts asked about, at random places, about half have the word.
 */
export async function judgePlantedWords(options: PlantedDetectionOptions): Promise<JudgedItem[]> {
  const { chat, windows, withEvidence = false, words = 30, seed } = options;
  const random = createRandom(seed).fork('planted words');
  const planted = random.shuffle(plantable(windows)).slice(0, words);
  const judged = await Promise.all(
    planted.map(async (word): Promise<JudgedItem[]> => {
      const own = random.fork(word);
      const has = ({ tokens }: ActivationExample): boolean => tokens.includes(word);
      const active = own.shuffle(windows.filter(has));
      const evidence = active.splice(0, shown);
      const silent = own.shuffle(windows.filter((window) => !has(window)));
      const texts = own.shuffle([...active.slice(0, asked / 2), ...silent.slice(0, asked / 2)]);
      const said = await judgeTexts(chat.complete, {
        explanation: `the word ${JSON.stringify(word.trim())}`,
        texts: texts.map(textOf),
        ...(withEvidence && { evidence: evidence.map(textOf) }),
      });
      return texts.map((window, i) => ({
        truth: has(window),
        said: said?.[i],
        place: i / (texts.length - 1),
      }));
    }),
  );
  return judged.flat();
}

const textOf = ({ tokens }: ActivationExample): string => tokens.join('');

/** Words of four letters or more in enough windows, and in no more than half of them. */
function plantable(windows: readonly ActivationExample[]): string[] {
  const counts = new Map<string, number>();
  for (const { tokens } of windows) {
    for (const token of new Set(tokens)) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return [...counts]
    .filter(
      ([token, count]) => /^ \p{L}{4,}$/u.test(token) && count >= 6 && 2 * count <= windows.length,
    )
    .map(([token]) => token)
    .sort();
}
