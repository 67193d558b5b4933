import { createSession } from '@feedprint/graph';
import type { RuntimeOptions, Session, Value } from '@feedprint/graph';
import type { ForwardGraph } from './forward-graph.ts';

/** Number of compiled graphs kept ready. */
const KEPT = 12;

interface Compiled {
  readonly session: Promise<Session>;
  /** Number of runs under way. */
  users: number;
}

/** Graphs of one architecture, compiled when first asked for; the most recent ones are kept. */
export interface CompiledGraphs {
  /** Runs the graph of that key, which `build` makes, with what `feeds` gives its inputs. */
  run(
    key: string,
    build: () => ForwardGraph,
    feeds: (inputs: readonly string[]) => Readonly<Record<string, Value>>,
  ): Promise<Readonly<Record<string, Value>>>;
  dispose(): Promise<void>;
}

export function createCompiledGraphs(runtime: RuntimeOptions): CompiledGraphs {
  const compiled = new Map<string, Compiled>();

  const compile = async (build: () => ForwardGraph): Promise<Session> => {
    const { graph, outputs } = build();
    return createSession(graph, { ...runtime, outputs });
  };

  /** Never dispose of one that a run still uses: the runtime would read freed memory. */
  async function disposeOldest(): Promise<void> {
    for (const [key, { session, users }] of compiled) {
      if (compiled.size <= KEPT) return;
      if (users > 0) continue;
      compiled.delete(key);
      await (await session).dispose();
    }
  }

  return {
    async run(key, build, feeds) {
      const entry = compiled.get(key) ?? { session: compile(build), users: 0 };
      compiled.delete(key);
      compiled.set(key, entry);
      entry.users++;
      try {
        const session = await entry.session.catch((error: unknown) => {
          if (compiled.get(key) === entry) compiled.delete(key);
          throw error;
        });
        await disposeOldest();
        return await session.run(feeds(session.inputs));
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
