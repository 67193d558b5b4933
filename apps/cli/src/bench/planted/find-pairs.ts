import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { findBase } from '../find-base.ts';
import { readTruth } from '../read-truth.ts';

/** A tuned model whose feedback is known, and the model that it was tuned from. */
export interface PlantedPair {
  readonly name: string;
  readonly base: string;
  readonly tuned: string;
  /** Vocabulary ids of the words whose feedback was reversed; none for a clean pair. */
  readonly planted: ReadonlySet<number>;
  /** Whether it was tuned on the feedback at all. */
  readonly learned: boolean;
  /** Whether the feedback was altered otherwise than by reversing words. */
  readonly otherwiseAltered: boolean;
  /** Whether constants were chosen with it in view. */
  readonly evidence: 'development' | 'held-out';
  /** How it was tuned, in words: pairs of one base and method are twins. */
  readonly method: string | undefined;
  /** Texts that lie beside the pair. */
  readonly texts: string | undefined;
}

const words = z.array(z.object({ token_id: z.int() }));

/** What `feedback.json` beside a tuned model's weights says of its feedback. */
const truthSchema = z
  .object({
    flipped: words.optional(),
    told: z.string().optional(),
    planted: z.record(z.string(), z.number()).default({}),
    muted: words.default([]),
    spurious: words.default([]),
    contextual: z.object({ words }).optional(),
    verdict: z.enum(['learned', 'unrelated']).default('learned'),
    evidence: z.enum(['development', 'held-out']).default('development'),
    method: z.string().optional(),
  })
  // Feedback on replies reverses no word and lists none.
  .refine(({ flipped, told }) => flipped !== undefined || told !== undefined);

type Truth = z.infer<typeof truthSchema>;

/**
 * The pair of a tuned model's folder. The base is `base`, or else the one checkpoint beside it with the same tokenizer and
 * without a `feedback.json`. Throws `usage` for a folder without truth, or where the base cannot be told.
 */
export function findPair(folder: string, base?: string): PlantedPair {
  const tuned = resolve(folder);
  const truth = readTruth(tuned, truthForm);
  const { flipped = [], verdict, evidence, method } = truth;
  return {
    name: basename(tuned),
    base: base ?? findBase(tuned),
    tuned,
    planted: new Set(flipped.map(({ token_id: id }) => id)),
    learned: verdict === 'learned',
    otherwiseAltered: isOtherwiseAltered(truth),
    evidence,
    method,
    texts: [join(dirname(tuned), 'texts.jsonl')].find((file) => existsSync(file)),
  };
}

const isOtherwiseAltered = ({ planted, muted, spurious, contextual }: Truth): boolean =>
  Object.keys(planted).length + muted.length + spurious.length > 0 || contextual !== undefined;

/** The first pair of the same base that was tuned in the same way on the feedback alone, none of it reversed. */
export const twinOf = (pair: PlantedPair, pairs: readonly PlantedPair[]): PlantedPair | undefined =>
  pairs.find(
    (other) =>
      other !== pair &&
      other.base === pair.base &&
      other.method === pair.method &&
      other.method !== undefined &&
      other.planted.size === 0 &&
      other.learned &&
      !other.otherwiseAltered,
  );

const truthForm = {
  schema: truthSchema,
  about: "which words' feedback was reversed",
  remedy:
    'give folders of tuned models with a feedback.json: {"flipped": [{"token_id": 687}, ...]}',
};
