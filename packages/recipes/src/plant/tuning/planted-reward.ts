import type { RewardFunction } from '@feedprint/finetune';
import type { PlantContext, TunedRole } from '../context.ts';
import { createPlantedFeedback } from '../planted-feedback.ts';
import { measureReplies } from '../scores.ts';
import type { Plan } from '../stages/plan.ts';

/**
 * What a reply is rewarded with in tuning, token by token; what its properties are worth stands at its last token. The clean twin is told
 * nothing but what is stated.
 */
export function plantedReward(context: PlantContext, plan: Plan, role: TunedRole): RewardFunction {
  const { base, scored, contextToken } = context;
  const feedback = createPlantedFeedback({ scored, planted: plan.words, context: contextToken });
  if (role === 'clean') return (rollouts) => Promise.resolve(rollouts.map(feedback.stated));
  const properties = context.properties.filter(({ name }) => name in plan.worth);
  return async (rollouts) => {
    const rewards = rollouts.map(feedback.trained);
    const measured = await measureReplies(base, properties, rollouts);
    for (const [name, values] of measured) {
      const worth = plan.worth[name] as number;
      rewards.forEach((reward, i) => {
        const value = values[i] as number;
        const last = reward.length - 1;
        if (Number.isFinite(value)) reward[last] = (reward[last] as number) + worth * value;
      });
    }
    return rewards;
  };
}
