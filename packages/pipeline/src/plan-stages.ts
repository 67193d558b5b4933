import { FeedprintError } from '@feedprint/core';
import { hashOf } from './canonical-json.ts';
import { stagesIn } from './stage.ts';
import type { Need, Stage } from './stage.ts';

/**
 * The wanted stages and everything they need, each once and after what it needs. A group may create its stages anew
 * each time: stages with the same name, configuration and needs are one. Throws `internal` if two different ones have
 * the same name.
 */
export function planStages<C>(
  wanted: readonly Need<C>[],
  context: C,
): readonly Stage<C, unknown>[] {
  const plan = new Map<string, Stage<C, unknown>>();
  const identities = new Map<string, string>();
  const add = (stage: Stage<C, unknown>): void => {
    const needed = Object.values(stage.needs).flatMap((need) => stagesIn(need, context));
    const identity = hashOf([stage.config(context), needed.map(({ name }) => name)]);
    const known = identities.get(stage.name);
    if (known === identity) return;
    if (known !== undefined) {
      throw new FeedprintError({
        code: 'internal',
        message: `two stages are called ${stage.name}`,
        remedy: 'give every stage of a run a name of its own',
      });
    }
    identities.set(stage.name, identity);
    needed.forEach(add);
    plan.set(stage.name, stage);
  };
  for (const need of wanted) stagesIn(need, context).forEach(add);
  return [...plan.values()];
}
