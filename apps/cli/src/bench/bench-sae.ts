import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createMemoryStore, createShardedStoreFormat } from '@feedprint/activations';
import { createRandom, matrix } from '@feedprint/core';
import type { ActivationRows, ActivationStore } from '@feedprint/core';
import { makeOwnFolder } from '@feedprint/core/files';
import type { Engine } from '@feedprint/graph';
import { createSaeTrainer } from '@feedprint/sae';
import type { SaeTrainingSettings } from '@feedprint/sae';
import { median } from './median.ts';
import { createTimedEngine } from './timed-engine.ts';

export interface SaeBench {
  readonly engine: Engine;
  readonly settings: Pick<SaeTrainingSettings, 'kind'> & Partial<SaeTrainingSettings>;
  readonly dIn: number;
  readonly dSae: number;
  /** Rows of a step. */
  readonly rows: number;
  readonly steps: number;
  readonly threads: number;
  /** Read the activations from disk. */
  readonly disk: boolean;
}

/** One line of numbers. */
export interface SaeBenchResult {
  readonly engine: string;
  readonly kind: string;
  readonly dIn: number;
  readonly dSae: number;
  readonly rows: number;
  readonly steps: number;
  readonly threads: number;
  /** Median. */
  readonly secondsPerStep: number;
  readonly rowsPerSecond: number;
  /** Share of the time that passed outside of steps: gathering rows, scaling them, reading from disk. */
  readonly waiting: number;
  /** The most memory that the process had. */
  readonly peakMemoryBytes: number;
}

/** Steps that are not counted. */
const WARM_UP = 3;
const SITE = 'bench';

/**
 * Trains an SAE on random activations as one is trained in earnest, and times the steps. Features that die there mean nothing:
 * none counts as dead, so that no step pays for their revival.
 */
export async function benchSae(bench: SaeBench, clock: () => number): Promise<SaeBenchResult> {
  const { settings, dIn, dSae, rows, steps, threads } = bench;
  const engine = createTimedEngine(bench.engine, clock);
  const taken = WARM_UP + steps;
  const trainer = createSaeTrainer({
    ...settings,
    engine,
    threads,
    batchRows: rows,
    tokens: rows * taken,
    passes: taken,
    deadTokens: 2 ** 24,
  });
  const { store, remove } = await randomStore(bench);
  try {
    const sae = await trainer.train(store, { site: SITE, dSae, seed: 0 });
    await sae.dispose();
  } finally {
    await remove();
  }
  const counted = engine.steps.slice(WARM_UP);
  const durations = counted.map(({ duration }) => duration / 1000);
  const [first, last] = [counted[0], counted.at(-1)];
  const wall = first && last ? (last.start + last.duration - first.start) / 1000 : 0;
  const inside = durations.reduce((sum, duration) => sum + duration, 0);
  const secondsPerStep = median(durations);
  return {
    engine: engine.name,
    kind: settings.kind,
    dIn,
    dSae,
    rows,
    steps,
    threads,
    secondsPerStep,
    rowsPerSecond: rows / secondsPerStep,
    waiting: wall > 0 ? 1 - inside / wall : 0,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** Enough rows to mix, and no more than the steps need. */
async function randomStore({
  dIn,
  rows,
  steps,
  disk,
}: SaeBench): Promise<{ store: ActivationStore; remove: () => Promise<void> }> {
  const count = rows * Math.min(4, WARM_UP + steps);
  const random = createRandom(0);
  const x = matrix(count, dIn);
  for (let i = 0; i < x.data.length; i++) x.data[i] = random.normal();
  const none = new Int32Array(count);
  const all: ActivationRows = {
    text: none,
    position: none,
    token: none,
    activations: new Map([[SITE, x]]),
  };
  if (!disk) return { store: createMemoryStore(all), remove: () => Promise.resolve() };
  const folder = makeOwnFolder(tmpdir(), 'feedprint-bench-');
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const writer = await createShardedStoreFormat().create(folder, [SITE]);
    await writer.append(all);
    return { store: await writer.finish(), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
