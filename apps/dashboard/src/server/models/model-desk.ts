import type { SparseAutoencoder, Tokenizer } from '@feedprint/core';
import type {
  FeatureActivity,
  LearnedDirection,
  RunDictionaries,
  RunModels,
} from '@feedprint/recipes';
import { checkOwn } from '../runs/run-folders.ts';
import type { RunFolder } from '../runs/run-folders.ts';
import { createKeeper } from './keeper.ts';

/** The models, SAEs and activations of runs, loaded when they are first asked for; the last used ones are kept. */
export interface ModelDesk {
  models(run: RunFolder): Promise<RunModels>;
  /** The tuned model's small ones unless others are wanted. */
  saes(run: RunFolder, which?: RunDictionaries): Promise<ReadonlyMap<string, SparseAutoencoder>>;
  tokenizer(run: RunFolder): Promise<Tokenizer>;
  /** Where the features of a site are active; undefined for a site without an SAE. */
  activity(run: RunFolder, site: string): Promise<FeatureActivity | undefined>;
  direction(run: RunFolder): Promise<LearnedDirection | undefined>;
  dispose(): Promise<void>;
}

/** Runs whose models are kept, and sites whose activations are. */
const KEPT_RUNS = 2;
const KEPT_SITES = 8;
/** Each run has three dictionaries a site. */
const KEPT_DICTIONARIES = 6;

const usual: RunDictionaries = { role: 'tuned', size: 'small' };

/** Heavy: loaded when it is first needed, and for a run without links. */
const libraryFor = async (run: RunFolder) => {
  await checkOwn(run);
  return import('@feedprint/recipes');
};

export function createModelDesk(): ModelDesk {
  const models = createKeeper(
    KEPT_RUNS,
    async (run: RunFolder) => (await libraryFor(run)).openRunModels(run.folder),
    async ({ base, tuned }) => {
      await tuned.dispose();
      await base.dispose();
    },
  );
  const saes = createKeeper(
    KEPT_DICTIONARIES,
    async ({ run, which }: { readonly run: RunFolder; readonly which: RunDictionaries }) =>
      (await libraryFor(run)).openRunSaes(run.folder, which),
    async (all) => {
      for (const sae of all.values()) await sae.dispose();
    },
  );
  const tokenizers = createKeeper(KEPT_RUNS, async (run: RunFolder) =>
    (await libraryFor(run)).readRunTokenizer(run.folder),
  );
  const openSaes: ModelDesk['saes'] = (run, which = usual) =>
    saes.get([run.folder, which.role, which.size].join('\n'), { run, which });
  const activities = createKeeper(
    KEPT_SITES,
    async ({ run, site }: { readonly run: RunFolder; readonly site: string }) => {
      const sae = (await openSaes(run)).get(site);
      return sae && (await libraryFor(run)).readFeatureActivity(run.folder, sae);
    },
  );
  return {
    models: (run) => models.get(run.folder, run),
    saes: openSaes,
    tokenizer: (run) => tokenizers.get(run.folder, run),
    activity: (run, site) => activities.get(`${run.folder}\n${site}`, { run, site }),
    direction: async (run) => {
      try {
        const { readDirection } = await libraryFor(run);
        return readDirection(run.folder);
      } catch {
        return undefined; // The run found none, or not yet.
      }
    },
    dispose: async () => {
      await models.clear();
      await saes.clear();
    },
  };
}
