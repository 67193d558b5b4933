import { FeedprintError, createRandom } from '@feedprint/core';
import type { FeatureEvidence } from '@feedprint/core';
import { markActive } from '@feedprint/labeling';
import type { Labels } from '../labels/label-run.ts';
import type { Sheet, SheetKey } from './sheet.ts';

export interface SheetOptions {
  readonly labels: Pick<Labels, 'labeler' | 'features'>;
  /** In the order of the labels. */
  readonly evidence: readonly FeatureEvidence[];
  /** Most questions, one per feature. Default 40, as in the paper. */
  readonly questions?: number;
  readonly seed: number;
}

/** Explanations of other features beside the right one, and texts, in a question (arXiv 2310.08164, appendix G). */
const [wrong, texts] = [3, 5];
const letters = ['A', 'B', 'C', 'D', 'E'] as const;

/**
 * A sheet that people fill in to check explanations: marked texts that did not make the explanation, and which of four
 * explanations fits them, three being those of other features, or none. Guessing is right one time in five. Throws `usage` where
 * fewer than four features have explanations of their own, and texts.
 */
export function createSheet({ labels, evidence, questions = 40, seed }: SheetOptions): {
  readonly sheet: Sheet;
  readonly key: SheetKey;
} {
  const asked = labels.features.flatMap(({ id, label }, i) => {
    const seen = evidence[i];
    return label === null || !seen || seen.heldOutActive.length === 0 ? [] : [{ id, label, seen }];
  });
  const different = [...new Set(asked.map(({ label }) => label))];
  if (different.length <= wrong) {
    throw new FeedprintError({
      code: 'usage',
      message: `a sheet needs ${wrong + 1} different explanations, and there are ${different.length}`,
      remedy: 'label more features',
    });
  }
  const random = createRandom(seed).fork('sheet');
  const drawn = random.shuffle(asked).slice(0, questions);
  const made = drawn.map(({ id, label, seen }, i) => {
    const others = random.shuffle(different.filter((other) => other !== label)).slice(0, wrong);
    const explanations = random.shuffle([label, ...others]);
    const choices = [...explanations, 'none of these'].map((text, c) => ({
      letter: letters[c] as string,
      text,
    }));
    const shown = random.shuffle([...seen.heldOutActive]).slice(0, texts);
    return {
      question: { question: i + 1, texts: markActive(shown, seen.maxActivation), choices },
      answer: {
        question: i + 1,
        feature: id,
        right: letters[explanations.indexOf(label)] as string,
        none: letters[wrong + 1] as string,
      },
    };
  });
  return {
    sheet: { format: 'feedprint-sheet/1', questions: made.map(({ question }) => question) },
    key: {
      format: 'feedprint-sheet-key/1',
      labeler: labels.labeler,
      seed,
      questions: made.map(({ answer }) => answer),
    },
  };
}
