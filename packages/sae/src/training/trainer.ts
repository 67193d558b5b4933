import { FeedprintError } from '@feedprint/core';
import type {
  ActivationStore,
  SaeJob,
  SaeTrainer,
  SaeTrainingRun,
  SparseAutoencoder,
} from '@feedprint/core';
import type { Engine } from '@feedprint/graph';
import { parseSettings } from './settings.ts';
import type { SaeTrainingSettings } from './settings.ts';
import { trainGroup } from './train-group.ts';
import type { PlannedJob } from './train-group.ts';

export interface SaeTrainerOptions extends Partial<SaeTrainingSettings> {
  readonly engine: Engine;
  /** For the resulting SAEs. */
  readonly threads?: number;
}

/** Trains SAEs on any engine that runs graphs. Throws `config-invalid` for settings out of range. */
export function createSaeTrainer({ engine, threads, ...given }: SaeTrainerOptions): SaeTrainer {
  const settings = parseSettings(given);
  const trainAll = async (
    jobs: readonly SaeJob[],
    run: SaeTrainingRun = {},
  ): Promise<readonly SparseAutoencoder[]> => {
    const planned = jobs.map((job) => ({
      job,
      settings: parseSettings({ ...settings, ...job.settings }),
    }));
    checkNames(jobs);
    const saes = new Map<SaeJob, SparseAutoencoder>();
    for (const [i, group] of groupsOf(planned).entries()) {
      const folder = run.checkpoint && `${run.checkpoint.folder}/${i}`;
      for (const [job, sae] of await trainGroup(group, { engine, threads, folder, ...run }))
        saes.set(job, sae);
    }
    return jobs.map((job) => saes.get(job) as SparseAutoencoder);
  };
  return {
    name: engine.name,
    settings,
    trainAll,
    async train(store, { onStep, ...job }) {
      const [sae] = await trainAll([{ ...job, name: 'sae', store }], {
        ...(onStep && { onStep: (_, metrics) => onStep(metrics) }),
      });
      return sae as SparseAutoencoder;
    },
  };
}

/** Jobs that can be fed from one stream: same store, batch, buffer and order of rows. */
function groupsOf(planned: readonly PlannedJob[]): PlannedJob[][] {
  const stores: ActivationStore[] = [];
  const groups = new Map<string, PlannedJob[]>();
  for (const plan of planned) {
    if (!stores.includes(plan.job.store)) stores.push(plan.job.store);
    const { batchRows, bufferRows, shuffleSeed } = plan.settings;
    const key = [stores.indexOf(plan.job.store), batchRows, bufferRows, shuffleSeed].join();
    groups.set(key, [...(groups.get(key) ?? []), plan]);
  }
  return [...groups.values()];
}

function checkNames(jobs: readonly SaeJob[]): void {
  const twice = jobs.find(({ name }, i) => jobs.findIndex((job) => job.name === name) !== i);
  if (!twice) return;
  throw new FeedprintError({
    code: 'usage',
    message: `two jobs are called ${twice.name}`,
    remedy: 'give each job its own name',
  });
}
