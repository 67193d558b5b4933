import { FeedprintError } from '@feedprint/core';
import { hashOf } from './canonical-json.ts';
import { stagesIn } from './stage.ts';
import type { Need, Stage } from './stage.ts';

/**
 * The stages that are wanted and all that they need, each once, after what it needs. A group may make its stages anew each
 * time: stages of one name, configuration and needs are one. Throws `internal` where two that differ have one name.
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
