import { FeedprintError, matrix } from '@feedprint/core';
import type {
  Edit,
  Matrix,
  ModelInfo,
  RunRequest,
  RunResult,
  Site,
  TokenRows,
} from '@feedprint/core';
import { createSession, isGraphEdit } from '@feedprint/graph';
import type { GraphEdit, Session, Value } from '@feedprint/graph';
import type { Architecture } from '../architectures/architecture.ts';
import { buildForward, unknownSite } from './forward-graph.ts';
import type { ForwardPlan } from './forward-graph.ts';
import { checkToken, packRows } from './token-batch.ts';
import type { TokenBatch } from './token-batch.ts';

/** Compiled passes kept ready; each holds its own copy of the weights that it needs. */
const SESSIONS_KEPT = 3;

interface Compiled {
  readonly session: Promise<Session>;
  /** Runs that are under way. */
  users: number;
}

export interface Runner {
  run(rows: TokenRows, request: RunRequest): Promise<RunResult>;
  dispose(): Promise<void>;
}

/** Runs forward passes, compiling one graph for each kind of request and keeping the latest few. */
export function createRunner(
  architecture: Architecture,
  info: ModelInfo,
  threads: number | undefined,
): Runner {
  const compiled = new Map<string, Compiled>();
  const editIds = new WeakMap<Edit, number>();
  let nextEditId = 0;
  const idOf = (edit: Edit): number => {
    const id = editIds.get(edit) ?? nextEditId++;
    editIds.set(edit, id);
    return id;
  };

  async function compile(plan: ForwardPlan): Promise<Session> {
    const { graph, outputs } = buildForward(architecture, plan);
    return createSession(graph, { outputs, ...(threads !== undefined && { threads }) });
  }

  async function runPlan(
    plan: ForwardPlan,
    values: Readonly<Record<string, Value>>,
  ): Promise<Record<string, Value>> {
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
      return await session.run(values);
    } finally {
      entry.users--;
    }
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

  /** Runs callback edits in the order of the forward pass: up to the site, edit, and on from there. */
  async function applyCallbacks(
    batch: TokenBatch,
    callbacks: readonly Edit[],
    edits: readonly GraphEdit[],
  ): Promise<Record<Site, Value>> {
    const overrides: Record<Site, Value> = {};
    const order = architecture.sites.map(({ site }) => site);
    const unknown = callbacks.find(({ site }) => !order.includes(site));
    if (unknown) throw unknownSite(unknown.site, order);
    for (const site of order.filter((s) => callbacks.some((edit) => edit.site === s))) {
      const plan: ForwardPlan = {
        capture: [site],
        logProbsOf: false,
        edits,
        overrides: Object.keys(overrides),
      };
      const results = await runPlan(plan, feeds(batch, overrides));
      const plain = toMatrix(results[site] as Value);
      let activations = plain;
      for (const edit of callbacks.filter((e) => e.site === site)) {
        activations = await edit.apply(activations, batch.position);
      }
      overrides[site] = spread(activations, batch, plain.columns);
    }
    return overrides;
  }

  return {
    async run(rows, request) {
      const batch = packRows(rows, info);
      request.logProbsOf?.forEach((id) => checkToken(id, info));
      const all = request.edits ?? [];
      const graphEdits = all.filter(isGraphEdit);
      const callbacks = all.filter((edit) => !isGraphEdit(edit));
      const mixed = graphEdits.find((edit) => callbacks.some(({ site }) => site === edit.site));
      // On a site with both kinds every edit runs as a callback, so that they act in the order given.
      const spliced = mixed ? [] : graphEdits;
      const overrides = await applyCallbacks(batch, mixed ? all : callbacks, spliced);
      const plan: ForwardPlan = {
        capture: [...(request.capture ?? [])],
        logits: request.logits ?? 'none',
        tokenLogProbs: request.tokenLogProbs ?? false,
        logProbsOf: request.logProbsOf !== undefined,
        edits: spliced,
        overrides: Object.keys(overrides),
      };
      if (
        plan.capture?.length === 0 &&
        plan.logits === 'none' &&
        !plan.tokenLogProbs &&
        !plan.logProbsOf
      ) {
        return { activations: new Map() };
      }
      const extra: Record<string, Value> = request.logProbsOf
        ? { watched: { data: request.logProbsOf, shape: [request.logProbsOf.length] } }
        : {};
      const results = await runPlan(plan, { ...feeds(batch, overrides), ...extra });
      return toResult(plan, results, batch);
    },
    async dispose() {
      const open = [...compiled.values()];
      compiled.clear();
      for (const { session } of open) await (await session).dispose();
    },
  };
}

function feeds(batch: TokenBatch, overrides: Readonly<Record<Site, Value>>): Record<string, Value> {
  const positions = Int32Array.from({ length: batch.length }, (_, i) => i);
  return {
    ids: { data: batch.ids, shape: [batch.batch, batch.length] },
    positions: { data: positions, shape: [batch.length] },
    kept: { data: batch.kept, shape: [batch.kept.length] },
    last: { data: batch.last, shape: [batch.batch] },
    next: { data: batch.next, shape: [batch.next.length, 1] },
    ...Object.fromEntries(
      Object.entries(overrides).map(([site, value]) => [`override:${site}`, value]),
    ),
  };
}

function toMatrix({ data, shape }: Value): Matrix {
  return matrix(shape[0] as number, shape[1] as number, data as Float32Array);
}

/** Puts real rows back into the padded rectangle. */
function spread({ columns, data, rows }: Matrix, batch: TokenBatch, width: number): Value {
  if (rows !== batch.kept.length || columns !== width) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `an edit returned [${rows}, ${columns}] for [${batch.kept.length}, ${width}]`,
      remedy: "return one row per position, of the site's width",
    });
  }
  const padded = new Float32Array(batch.batch * batch.length * columns);
  batch.kept.forEach((flat, i) =>
    padded.set(data.subarray(i * columns, (i + 1) * columns), flat * columns),
  );
  return { data: padded, shape: [batch.batch, batch.length, columns] };
}

function toResult(
  plan: ForwardPlan,
  results: Readonly<Record<string, Value>>,
  batch: TokenBatch,
): RunResult {
  const { logits, tokenLogProbs, logProbsOf } = results;
  return {
    activations: new Map(
      (plan.capture ?? []).map((site) => [site, toMatrix(results[site] as Value)]),
    ),
    ...(logits && { logits: toMatrix(logits) }),
    ...(tokenLogProbs && { tokenLogProbs: shifted(tokenLogProbs.data as Float32Array, batch) }),
    ...(logProbsOf && { logProbsOf: toMatrix(logProbsOf) }),
  };
}

/** From "of the next token" to "of this token". */
function shifted(ofNext: Float32Array, batch: TokenBatch): Float32Array {
  return Float32Array.from(ofNext, (_, i) =>
    batch.position[i] === 0 ? 0 : (ofNext[i - 1] as number),
  );
}
