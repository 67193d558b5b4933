import type { Edit, SiteInfo } from '@feedprint/core';
import { createSession } from '@feedprint/graph';
import type { RuntimeOptions, Session, Value } from '@feedprint/graph';
import type { Transformer } from '../architectures/forward.ts';
import { buildForward } from './forward-graph.ts';
import type { ForwardPlan } from './forward-graph.ts';

/** Compiled passes kept ready. They share the weights. */
const SESSIONS_KEPT = 12;

interface Compiled {
  readonly session: Promise<Session>;
  /** Runs that are under way. */
  users: number;
}

/** Forward passes of one model: compiled when first asked for. */
export interface Passes {
  run(
    plan: ForwardPlan,
    feeds: Readonly<Record<string, Value>>,
  ): Promise<Readonly<Record<string, Value>>>;
  dispose(): Promise<void>;
}

/** Compiles one graph for each kind of plan and keeps the latest few. */
export function createPasses(
  transformer: Transformer,
  sites: readonly SiteInfo[],
  runtime: RuntimeOptions,
): Passes {
  const compiled = new Map<string, Compiled>();
  const editIds = new WeakMap<Edit, number>();
  let nextEditId = 0;
  const idOf = (edit: Edit): number => {
    const id = editIds.get(edit) ?? nextEditId++;
    editIds.set(edit, id);
    return id;
  };

  async function compile(plan: ForwardPlan): Promise<Session> {
    const { graph, outputs } = buildForward(transformer, sites, plan);
    return createSession(graph, { ...runtime, outputs });
  }

  /** Never one that a run still uses: the runtime would read freed memory. */
  async function disposeOldest(): Promise<void> {
    for (const [key, { session, users }] of compiled) {
      if (compiled.size <= SESSIONS_KEPT) return;
      if (users > 0) continue;
      compiled.delete(key);
      await (await session).dispose();
    }
  }

  return {
    async run(plan, feeds) {
      const key = JSON.stringify({ ...plan, edits: plan.edits.map(idOf) });
      const entry = compiled.get(key) ?? { session: compile(plan), users: 0 };
      compiled.delete(key);
      compiled.set(key, entry);
      entry.users++;
      try {
        const session = await entry.session.catch((error: unknown) => {
          if (compiled.get(key) === entry) compiled.delete(key);
          throw error;
        });
        await disposeOldest();
        return await session.run({ ...transformer.weights.values(session.inputs), ...feeds });
      } finally {
        entry.users--;
      }
    },
    async dispose() {
      const open = [...compiled.values()];
      compiled.clear();
      for (const { session } of open) await (await session).dispose();
    },
  };
}
