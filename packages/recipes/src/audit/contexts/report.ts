import { spearman } from '@feedprint/probe';
import type { WordEvidence, WordInput } from '@feedprint/probe';
import type { PartOf } from '@feedprint/report';
import type { contexts as chapter } from '@feedprint/report/chapters/contexts';
import type { Captured } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import type { ModelRole } from '../model-role.ts';
import { mainEstimator } from '../parts.ts';
import { placeboCounts, wordEvidence } from '../words/evidence.ts';
import { judge } from '../words/judge.ts';
import type { Judgement } from '../words/judge.ts';
import type { JudgedWords } from '../words/judge-words.ts';
import { wordInput } from '../words/word-input.ts';
import type { OwnContexts } from './own-contexts.ts';

type ContextsPart = PartOf<typeof chapter>['contexts'];

interface Sources {
  readonly found: OwnContexts;
  /** As judged on the texts. */
  readonly words: JudgedWords;
}

/** The words' shifts in what each model writes, beside those in the texts, and whether they are judged alike. */
export function reportContexts(
  context: AuditContext,
  captured: Captured,
  { found, words: { words: onTexts } }: Sources,
): ContextsPart {
  const input = wordInput(context, captured);
  const by = (writer: ModelRole): readonly WordEvidence[] | undefined => {
    if (found.written[writer] === 0) return undefined;
    const { base, tuned } = found.counts[writer];
    return wordEvidence(context, placeboCounts(context, base, tuned)).map((word, w) => ({
      ...word,
      // As often as in the texts: words are judged by it.
      expectedCount: (input.words[w] as WordEvidence).expectedCount,
    }));
  };
  const [byBase, byTuned] = [by('base'), by('tuned')];
  const judged = byTuned && judgeMain(context, { ...input, words: byTuned });
  const flags = onTexts.map(({ word, flagged }, w) => ({
    word,
    texts: flagged,
    own: judged?.words[w]?.flagged ?? false,
  }));
  const namesOf = (kept: (typeof flags)[number][]): string[] => kept.map(({ word }) => word);
  return {
    prompts: found.prompts,
    tokens: found.written,
    verdict: judged?.effect ?? null,
    correlation: byTuned
      ? (spearman(
          input.words.map(({ estimate }) => estimate),
          byTuned.map(({ estimate }) => estimate),
        )?.r ?? null)
      : null,
    flagged: {
      both: namesOf(flags.filter(({ texts, own }) => texts && own)),
      textsOnly: namesOf(flags.filter(({ texts, own }) => texts && !own)),
      ownOnly: namesOf(flags.filter(({ texts, own }) => own && !texts)),
    },
    words: onTexts.map(({ word, token, stated, estimate }, w) => ({
      word,
      token,
      stated,
      texts: estimate,
      tuned: shiftOf(byTuned?.[w]),
      base: shiftOf(byBase?.[w]),
    })),
  };
}

const shiftOf = (word: WordEvidence | undefined) =>
  word ? { shift: word.estimate, interval: word.interval } : null;

/** The main estimator's judgement; nothing where it reads more than probabilities. */
function judgeMain({ parts }: AuditContext, input: WordInput): Judgement | undefined {
  const main = mainEstimator(parts);
  return main.reads === 'probabilities'
    ? judge(main.estimate(input), input.words, parts.statistics)
    : undefined;
}
