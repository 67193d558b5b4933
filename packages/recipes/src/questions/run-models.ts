import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadModel, readTokenizer, resolveModel } from '@feedprint/activations';
import { FeedprintError } from '@feedprint/core';
import type { LanguageModel, RunStore, Tokenizer } from '@feedprint/core';
import { readJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { roles } from '../audit/model-role.ts';
import type { ModelRole } from '../audit/model-role.ts';

const FILE = 'models.json';

const sourcesSchema = z.strictObject({
  base: z.string().describe('Absolute path of a folder or file, or a name on the hub.'),
  tuned: z.string(),
  adapter: z.string().optional().describe('Merged into the tuned model.'),
  revision: z.string().optional(),
});

/** What an audit's models were loaded from. */
export type ModelSources = z.infer<typeof sourcesSchema>;

/** States in `models.json` of a run what its models were loaded from, so that they can be asked later. */
export async function publishModelSources(store: RunStore, sources: ModelSources): Promise<void> {
  const absolute = (name: string): string => (existsSync(name) ? resolve(name) : name);
  const { base, tuned, adapter, ...rest } = sources;
  const stated: ModelSources = {
    base: absolute(base),
    tuned: absolute(tuned),
    ...(adapter !== undefined && { adapter: absolute(adapter) }),
    ...rest,
  };
  await store.publish(FILE, `${JSON.stringify(stated, null, 1)}\n`);
}

/** The models of an audit, loaded again. */
export type RunModels = Readonly<Record<ModelRole, LanguageModel>>;

/**
 * Loads the models that an audit read, from the local disk alone. Throws `run-invalid` where the run does not say what they were loaded
 * from, where it is gone, or where other weights lie there now.
 */
export async function openRunModels(
  folder: string,
  { threads }: { readonly threads?: number } = {},
): Promise<RunModels> {
  const { base, tuned, adapter, revision } = await readSources(folder);
  const wanted = await readFingerprints(folder);
  const open = async (role: ModelRole): Promise<LanguageModel> => {
    const model = await loadModel(role === 'base' ? base : tuned, {
      hub: { offline: true, ...(revision !== undefined && { revision }) },
      ...(threads !== undefined && { threads }),
      ...(role === 'tuned' && adapter !== undefined && { adapter }),
    });
    if (model.fingerprint === wanted[role]) return model;
    await model.dispose();
    throw new FeedprintError({
      code: 'run-invalid',
      message: `the ${role} model has other weights now than when it was audited`,
      remedy: 'audit it again',
    });
  };
  const first = await open('base');
  try {
    return { base: first, tuned: await open('tuned') };
  } catch (error) {
    await first.dispose();
    throw error;
  }
}

/** The tuned model's tokenizer, without its weights. Throws `run-invalid` as `openRunModels` does, `dependency-missing` for a foreign file. */
export async function readRunTokenizer(folder: string): Promise<Tokenizer> {
  const { tuned, revision } = await readSources(folder);
  const hub = { offline: true, ...(revision !== undefined && { revision }) };
  return readTokenizer(await resolveModel(tuned, hub));
}

async function readSources(folder: string): Promise<ModelSources> {
  if (existsSync(join(folder, FILE))) return readJson(folder, FILE, sourcesSchema);
  throw new FeedprintError({
    code: 'run-invalid',
    message: 'the run does not say what its models were loaded from',
    remedy: 'run the same audit command again; finished stages are kept',
  });
}

const inputsSchema = z.looseObject({
  inputs: z.looseObject({ base: z.string(), tuned: z.string() }),
});

/** The fingerprints that `run.json` states. */
async function readFingerprints(folder: string): Promise<Record<ModelRole, string>> {
  const text = await readFile(join(folder, 'run.json'), 'utf8');
  const { inputs } = inputsSchema.parse(JSON.parse(text));
  return Object.fromEntries(roles.map((role) => [role, inputs[role]])) as Record<ModelRole, string>;
}
