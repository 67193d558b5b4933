import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readJson } from './json.ts';

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where Hugging Face's tools keep their downloads, by the variables that all of them read. */
export function hubCacheFolder(env: Environment): string {
  const home = env.HF_HOME ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'huggingface');
  return env.HF_HUB_CACHE ?? env.HUGGINGFACE_HUB_CACHE ?? join(home, 'hub');
}

/** The part of the cache that belongs to one repository: `blobs`, `refs`, `snapshots`. */
export interface RepositoryCache {
  readonly blobs: string;
  /** Folder of a commit's files. */
  snapshot(commit: string): string;
  /** Commit that a branch or tag pointed to when it was last looked up. */
  commitOf(revision: string): string | undefined;
  remember(revision: string, commit: string): void;
}

export function repositoryCache(
  cacheFolder: string,
  name: string,
  kind: 'models' | 'datasets' = 'models',
): RepositoryCache {
  const root = join(cacheFolder, `${kind}--${name.replaceAll('/', '--')}`);
  const reference = (revision: string): string => join(root, 'refs', revision);
  return {
    blobs: join(root, 'blobs'),
    snapshot: (commit) => join(root, 'snapshots', commit),
    commitOf(revision) {
      if (isCommit(revision)) return revision;
      const path = reference(revision);
      const commit = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
      return isCommit(commit) ? commit : undefined;
    },
    remember(revision, commit) {
      if (isCommit(revision)) return;
      mkdirSync(dirname(reference(revision)), { recursive: true });
      writeFileSync(reference(revision), commit);
    },
  };
}

export const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision);

const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/** The shards that an index names. */
export function shardsOf(index: string): readonly string[] {
  const map = indexSchema.safeParse(readJson(index)).data?.weight_map ?? {};
  return [...new Set(Object.values(map))].sort();
}

/** Files that a model or an adapter cannot be loaded without and that the folder lacks. */
export function missingFiles(folder: string): readonly string[] {
  const has = (file: string): boolean => existsSync(join(folder, file));
  const isAdapter = has('adapter_config.json') && !has('config.json');
  const needed = isAdapter ? ['adapter_model.safetensors'] : ['config.json', 'tokenizer.json'];
  if (!isAdapter && !has('model.safetensors')) {
    const index = 'model.safetensors.index.json';
    needed.push(...(has(index) ? shardsOf(join(folder, index)) : ['model.safetensors']));
  }
  return needed.filter((file) => !has(file));
}
