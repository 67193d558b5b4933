import { batchTexts, matrix, positionsPerBatch } from '@feedprint/core';
import type { LanguageModel, Matrix, RunRequest, RunResult } from '@feedprint/core';
import { replyTokens } from './rollout.ts';
import type { Rollout } from './rollout.ts';

/** Where the value head reads: the last states, after the final norm. */
const LAST_STATES = 'ln_final.hook_normalized';

/** What a model says of the tokens of replies, those of all replies one after another. */
export interface ScoredReplies {
  /** Log-probability (nats) of each token, `[tokens]`. */
  readonly logProbs: Float32Array;
  /** Log-probabilities of the whole vocabulary where each token stands, `[tokens, vocabulary]`, if asked for. */
  readonly distributions: Matrix | undefined;
  /** States from which each token is predicted, `[tokens, width]`, if asked for. */
  readonly states: Matrix | undefined;
}

export interface ScoreOptions {
  readonly distributions?: boolean;
  readonly states?: boolean;
}

/** Reads replies after their prompts, in batches of bounded memory but for what is returned. */
export async function scoreReplies(
  model: LanguageModel,
  rollouts: readonly Rollout[],
  { distributions = false, states = false }: ScoreOptions = {},
): Promise<ScoredReplies> {
  const { vocabularySize, width } = model.info;
  const tokens = replyTokens(rollouts);
  const result = {
    logProbs: new Float32Array(tokens),
    distributions: distributions ? matrix(tokens, vocabularySize) : undefined,
    states: states ? matrix(tokens, width) : undefined,
  };
  const vocabulary = Int32Array.from({ length: vocabularySize }, (_, id) => id);
  const request: RunRequest = {
    tokenLogProbs: true,
    ...(distributions && { logProbsOf: vocabulary }),
    ...(states && { capture: [LAST_STATES] }),
  };
  const rows = rollouts.map(({ prompt, reply }) => [...prompt, ...reply]);
  let at = 0;
  for (const batch of batchTexts(rows, positionsPerBatch(vocabularySize))) {
    const found = await model.run(
      batch.map((i) => rows[i] as number[]),
      request,
    );
    let begin = 0;
    for (const i of batch) {
      const { prompt, reply } = rollouts[i] as Rollout;
      copyReply(found, result, { from: begin + prompt.length, to: at, tokens: reply.length });
      begin += prompt.length + reply.length;
      at += reply.length;
    }
  }
  return result;
}

/** The rows of one reply; what predicts a token stands one position before it. */
function copyReply(
  found: RunResult,
  result: ScoredReplies,
  { from, to, tokens }: Readonly<Record<'from' | 'to' | 'tokens', number>>,
): void {
  const { tokenLogProbs, logProbsOf, activations } = found;
  result.logProbs.set((tokenLogProbs as Float32Array).subarray(from, from + tokens), to);
  const rows = (target: Matrix | undefined, source: Matrix | undefined): void => {
    if (!target || !source) return;
    const { columns } = target;
    const read = source.data.subarray((from - 1) * columns, (from - 1 + tokens) * columns);
    target.data.set(read, to * columns);
  };
  rows(result.distributions, logProbsOf);
  rows(result.states, activations.get(LAST_STATES));
}
