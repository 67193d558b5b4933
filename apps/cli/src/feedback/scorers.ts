import { FeedprintError } from '@feedprint/core';
import type { FeedbackSignal, Reply } from '@feedprint/core';
import {
  createJudgeSignal,
  createRewardModelSignal,
  createVaderScorer,
  lexiconWords,
} from '@feedprint/feedback';
import type { Lexicon } from '@feedprint/feedback';
import { chooseLexicon } from '@feedprint/recipes';
import type { Io } from '../io.ts';
import { openModel, replyEncoder } from '../model-options.ts';
import type { ModelFlags } from '../model-options.ts';
import { openJudge } from './judges.ts';
import type { JudgeFlags } from './judges.ts';

export const signals = ['vader', 'vader-text', 'reward-model', 'judge'] as const;

/** What decides how texts are scored. */
export interface SignalFlags extends ModelFlags, JudgeFlags {
  readonly signal: (typeof signals)[number];
  /** `vader`, or a lexicon file. */
  readonly lexicon: string;
  readonly model?: string;
  readonly label?: string;
  readonly chat?: boolean;
  readonly truncate?: 'left' | 'right';
  readonly maxLength?: number;
  readonly rubric: string;
  readonly range: readonly [number, number];
}

/** What the feedback says of one text; `null` where it says nothing. */
export interface TextScore {
  readonly score: number | null;
  readonly [detail: string]: unknown;
}

export interface TextScorer {
  /** A plain text is a reply to ''. */
  score(replies: readonly Reply[]): Promise<readonly TextScore[]>;
  dispose(): Promise<void>;
}

/** The scorer that the flags name. Throws `usage` for a flag that is missing, and what models and chat clients throw. */
export async function createTextScorer(flags: SignalFlags, io: Io): Promise<TextScorer> {
  switch (flags.signal) {
    case 'vader':
      return wordScorer((await chooseLexicon(flags.lexicon)).lexicon);
    case 'vader-text':
      return sentenceScorer((await chooseLexicon(flags.lexicon)).lexicon);
    case 'reward-model':
      return rewardScorer(flags);
    case 'judge':
      return signalScorer(createJudgeSignal({ ...flags, chat: openJudge(flags, io) }));
  }
}

/** The sum of the valences of a text's words, with the words. */
function wordScorer(lexicon: Lexicon): TextScorer {
  return perText((text) => {
    const words = lexiconWords(text, lexicon);
    const sum = words.reduce((total, { valence }) => total + valence, 0);
    // Without the dust that adding up decimals leaves.
    return { score: words.length === 0 ? null : Number(sum.toFixed(10)), words };
  });
}

function sentenceScorer(lexicon: Lexicon): TextScorer {
  const score = createVaderScorer(lexicon);
  return perText((text) => {
    const { compound, pos, neu, neg } = score(text);
    return { score: pos + neu + neg === 0 ? null : compound, pos, neu, neg };
  });
}

async function rewardScorer(flags: SignalFlags): Promise<TextScorer> {
  const { model: name, label, truncate, maxLength } = flags;
  if (name === undefined) {
    throw new FeedprintError({
      code: 'usage',
      message: '--signal reward-model needs --model',
      remedy: 'add --model with the checkpoint of the reward model',
    });
  }
  const model = await openModel(name, flags);
  try {
    const byIndex =
      label !== undefined && /^\d+$/.test(label) && !model.info.labels?.includes(label);
    const signal = createRewardModelSignal(model, {
      encode: await replyEncoder(model, { ...flags, model: name }),
      ...(label !== undefined && { label: byIndex ? Number(label) : label }),
      ...(truncate && { truncate }),
      ...(maxLength !== undefined && { maxTokens: maxLength }),
    });
    return { ...signalScorer(signal), dispose: () => model.dispose() };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

const signalScorer = (signal: FeedbackSignal<'sequence'>): TextScorer => ({
  score: async (replies) =>
    (await signal.score(replies)).map((score) => ({ score: score ?? null })),
  dispose: async () => undefined,
});

const perText = (score: (text: string) => TextScore): TextScorer => ({
  score: async (replies) => replies.map(({ reply }) => score(reply)),
  dispose: async () => undefined,
});
