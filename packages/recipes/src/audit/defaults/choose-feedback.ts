import { existsSync, readFileSync } from 'node:fs';
import { FeedprintError } from '@feedprint/core';
import type { ChatModel, FeedbackSignal, LanguageModel, Reply, Tokenizer } from '@feedprint/core';
import {
  createJudgeSignal,
  createRatingsSignal,
  createRewardModelSignal,
  createVaderTextSignal,
} from '@feedprint/feedback';
import type { PairScoreFile } from '@feedprint/feedback';
import type { ReplySignal } from '../told/reply-signal.ts';
import { createReplyWriter } from '../../write-replies.ts';
import type { ReplyWriter } from '../../write-replies.ts';
import { chooseLexicon } from './choose-lexicon.ts';
import type { Feedback } from './choose-lexicon.ts';
import { parseFeedback } from './parse-feedback.ts';

/** Feedback as it is given: by name (`parseFeedback`), or as a signal on tokens or on replies. */
export type GivenFeedback = string | FeedbackSignal<'token'> | FeedbackSignal<'sequence'>;

export interface FeedbackOptions {
  /** What a judge grades by: a text, or a file of one. Default: how good a reply is for who reads it. */
  readonly rubric?: string;
  /** The chat model that judges. */
  readonly openJudge: () => ChatModel;
  readonly openModel: (name: string) => Promise<LanguageModel>;
}

/** What an audit is told: something of words, or of replies. */
export interface ChosenFeedback {
  readonly words?: Feedback;
  readonly replies?: ReplySignal;
  /** Gives back what a signal holds. */
  readonly dispose: () => Promise<void>;
}

/** What a judge grades by unless told otherwise, on its range. */
export const usualRubric =
  'How good is it for the person who reads it? 1: useless, false or harmful. 3: acceptable. 5: helpful, true, harmless and well written.';
const range: readonly [number, number] = [1, 5];

const nothing = (): Promise<void> => Promise.resolve();

/**
 * Opens the feedback that is given. Throws `config-invalid` for an empty rubric, and what `parseFeedback`,
 * `readLexicon`, models and chat clients throw.
 */
export async function chooseFeedback(
  given: GivenFeedback,
  options: FeedbackOptions,
): Promise<ChosenFeedback> {
  if (typeof given !== 'string') return { ...fromCode(given), dispose: nothing };
  const spec = await parseFeedback(given);
  switch (spec.kind) {
    case 'lexicon':
      return { words: await chooseLexicon(spec.lexicon), dispose: nothing };
    case 'vader-text':
      return { replies: plain(createVaderTextSignal()), dispose: nothing };
    case 'ratings': {
      const { sha256 } = spec.file;
      return {
        replies: { ...plain(createRatingsSignal(spec.file)), settings: { sha256 } },
        dispose: nothing,
      };
    }
    case 'pair-scores': {
      return { replies: pairScores(spec.file), dispose: nothing };
    }
    case 'judge': {
      const rubric = rubricOf(options.rubric ?? usualRubric);
      const judge = createJudgeSignal({ chat: options.openJudge(), rubric, range });
      return { replies: { ...plain(judge), settings: { rubric, range } }, dispose: nothing };
    }
    case 'reward-model': {
      const model = await options.openModel(spec.model);
      try {
        // A long prompt loses its beginning, so that no reply goes unread.
        const truncate = 'left';
        const writer = createReplyWriter(model.tokenizer);
        const signal = createRewardModelSignal(model, {
          truncate,
          encode: (reply) => encodeReply(model.tokenizer, writer, reply),
        });
        const settings = { fingerprint: model.fingerprint, truncate, template: writer.name };
        return { replies: { ...plain(signal), settings }, dispose: () => model.dispose() };
      } catch (error) {
        await model.dispose();
        throw error;
      }
    }
  }
}

/** A reply as a reward model reads it: a conversation by the model's own chat template, if it has one. */
function encodeReply(
  tokenizer: Tokenizer,
  { write }: ReplyWriter,
  { reply, ...prompt }: Reply,
): readonly number[] {
  const { prompt: before, replies, special } = write(prompt, [{ reply }]);
  return tokenizer.encode(before + replies.join(''), { special });
}

const plain = ({ name, score }: FeedbackSignal<'sequence'>): ReplySignal => ({
  name,
  settings: {},
  score,
});

/** Scores of pairs that lie in another file, by their ids. */
const pairScores = ({ file, sha256, scores }: PairScoreFile): ReplySignal => ({
  name: file,
  settings: { sha256 },
  byPair: true,
  score: async (replies) =>
    replies.map(({ pair, side }) => (pair && side ? scores.get(pair)?.[side] : undefined)),
});

function fromCode(
  signal: FeedbackSignal<'token'> | FeedbackSignal<'sequence'>,
): Pick<ChosenFeedback, 'words' | 'replies'> {
  switch (signal.granularity) {
    case 'sequence':
      return { replies: plain(signal) };
    case 'token':
      return {
        words: {
          signal,
          question: `Does this feature respond to words on which the feedback "${signal.name}" says something?`,
        },
      };
  }
}

/** The text of a rubric, from its file where it names one. */
function rubricOf(given: string): string {
  const text = given.length < 1024 && existsSync(given) ? readFileSync(given, 'utf8') : given;
  if (text.trim() !== '') return text.trim();
  throw new FeedprintError({
    code: 'config-invalid',
    message: 'the rubric is empty',
    remedy: 'say what makes a reply good (--rubric)',
  });
}
