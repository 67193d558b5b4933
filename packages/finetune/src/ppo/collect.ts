import type { LanguageModel, Matrix, TokenRows } from '@feedprint/core';
import type { PpoItem } from '../methods/ppo.ts';
import { replyAdvantages, whiten } from './advantages.ts';
import type { PpoTrainingSettings } from './ppo-settings.ts';
import { sampleRollouts } from './rollout.ts';
import type { RewardFunction, Rollout } from './rollout.ts';
import { scoreReplies } from './score-replies.ts';
import type { ScoredReplies } from './score-replies.ts';

/** What a policy wrote and was rewarded for. */
export interface Collected {
  readonly items: readonly PpoItem[];
  /** By the names that TRL gives them, per reply. */
  readonly metrics: Readonly<Record<string, number>>;
}

export interface CollectOptions {
  readonly policy: LanguageModel;
  readonly reference: LanguageModel;
  readonly prompts: TokenRows;
  readonly reward: RewardFunction;
  /** Estimate of the return at each token, from the policy's last states `[tokens, width]`. */
  readonly values?: ((states: Matrix) => Float64Array) | undefined;
  readonly settings: PpoTrainingSettings;
  readonly seed: number;
}

/** Samples a reply to each prompt and estimates the advantage of every token. */
export async function collect(options: CollectOptions): Promise<Collected> {
  const { policy, reference, prompts, reward, values, settings, seed } = options;
  const { newTokens: maxNewTokens, temperature, klIn, klWeight, rewardScale } = settings;
  const rollouts = await sampleRollouts(policy, { prompts, maxNewTokens, temperature, seed });
  const rewards = await reward(rollouts);
  const own = await scoreReplies(policy, rollouts, { states: values !== undefined });
  const isInLoss = klIn === 'loss' && klWeight > 0;
  const other = await scoreReplies(reference, rollouts, { distributions: isInLoss });
  const estimates = values && own.states ? values(own.states) : undefined;
  const penalty = klIn === 'reward' ? klWeight : 0;

  let at = 0;
  const replies = rollouts.map(({ prompt, reply }, i): PpoItem => {
    const [from, to] = [at, (at += reply.length)];
    const gained = Float64Array.from(reply, (_, t) => {
      const ratio = (own.logProbs[from + t] as number) - (other.logProbs[from + t] as number);
      return rewardScale * (rewards[i]?.[t] as number) - penalty * ratio;
    });
    const expected = estimates?.subarray(from, to) ?? new Float64Array(reply.length);
    const { advantages, returns } = replyAdvantages(gained, expected, settings);
    return {
      sequence: { ids: [...prompt, ...reply], start: prompt.length },
      logProbs: own.logProbs.subarray(from, to),
      advantages: Float32Array.from(advantages),
      returns: Float32Array.from(returns),
      ...(other.distributions && { reference: rowsOf(other.distributions, from, to) }),
    };
  });
  return {
    items: settings.whiten ? whitened(replies) : replies,
    metrics: metricsOf(rollouts, { rewards, own, other }),
  };
}

const rowsOf = ({ data, columns }: Matrix, from: number, to: number): Float32Array =>
  data.subarray(from * columns, to * columns);

function whitened(items: readonly PpoItem[]): PpoItem[] {
  const all = whiten(Float64Array.from(items.flatMap(({ advantages }) => [...advantages])));
  let at = 0;
  return items.map((item) => ({
    ...item,
    advantages: Float32Array.from(all.subarray(at, (at += item.advantages.length))),
  }));
}

interface Judged {
  readonly rewards: readonly Float64Array[];
  readonly own: ScoredReplies;
  readonly other: ScoredReplies;
}

/** Means over replies; the KL is the mean log-ratio of what was sampled. */
function metricsOf(rollouts: readonly Rollout[], { rewards, own, other }: Judged) {
  const n = rollouts.length;
  const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
  return {
    'objective/scores': sum(rewards.map(sum)) / n,
    'objective/kl': (sum(own.logProbs) - sum(other.logProbs)) / n,
    'objective/entropy': -sum(own.logProbs) / n,
    'val/reply_tokens': own.logProbs.length / n,
  };
}
