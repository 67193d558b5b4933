import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { hubCacheFolder, isCommit, missingFiles, repositoryCache, shardsOf } from './hub-cache.ts';
import type { RepositoryCache } from './hub-cache.ts';
import { downloadInto } from './hub-download.ts';
import type { HubFile } from './hub-download.ts';
import { hubError } from './hub-errors.ts';
import { accessOf, isOffline, parseHubName } from './hub-options.ts';
import type { HubOptions } from './hub-options.ts';

interface Request {
  readonly name: string;
  readonly revision: string;
  readonly token: string | undefined;
  readonly hubUrl: string;
  readonly cache: RepositoryCache;
  readonly options: HubOptions;
}

/**
 * The folder of a model or adapter: a path that exists as it is, or a name on the Hugging Face hub, `org/name` or
 * `org/name@revision`, whose files, as far as needed, are downloaded to the cache that all of Hugging Face's tools
 * share. A commit that is in the cache is returned without contacting the hub. Throws `checkpoint-invalid` for a name
 * found nowhere, `checkpoint-unsupported` for repositories without safetensors or `tokenizer.json`, `service-failed`
 * when the hub refuses or cannot be reached.
 */
export async function resolveModel(
  nameOrFolder: string,
  options: HubOptions = {},
): Promise<string> {
  if (existsSync(nameOrFolder)) return nameOrFolder;
  const env = options.environment ?? process.env;
  const named = parseHubName(nameOrFolder, options.revision);
  if (!named) throw unnamed(nameOrFolder, options.revision);
  const { name, revision } = named;
  const cacheFolder = options.cacheDir ?? hubCacheFolder(env);
  const cache = repositoryCache(cacheFolder, name);
  if (isCommit(revision) && missingFiles(cache.snapshot(revision)).length === 0) {
    return cache.snapshot(revision);
  }
  if (isOffline(options)) return cached({ name, revision, cacheFolder, cache });
  const { token, hubUrl } = accessOf(options);
  try {
    return await download({ name, revision, token, hubUrl, cache, options });
  } catch (error) {
    throw hubError({ name, revision, hasToken: token !== undefined }, error);
  }
}

const unnamed = (text: string, revision?: string): FeedprintError => {
  const [, at = revision] = text.split('@');
  return new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${text}${at === undefined ? '' : ` at ${at}`} is neither a folder nor the name of a model on the hub`,
    remedy: 'pass a folder with config.json, or a name such as org/name or org/name@revision',
  });
};

interface CachedRequest extends Pick<Request, 'name' | 'revision' | 'cache'> {
  readonly cacheFolder: string;
}

function cached({ name, revision, cacheFolder, cache }: CachedRequest): string {
  const commit = cache.commitOf(revision);
  const missing = commit === undefined ? undefined : missingFiles(cache.snapshot(commit));
  if (commit !== undefined && missing?.length === 0) return cache.snapshot(commit);
  throw new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${name} at ${revision} is not complete in the cache ${cacheFolder}: ${missing?.join(', ') ?? 'the revision'} missing`,
    remedy: 'load it once without --offline and HF_HUB_OFFLINE',
  });
}

async function download(request: Request): Promise<string> {
  const { name, revision, token, hubUrl, cache, options } = request;
  const hub = await import('@huggingface/hub');
  const access = {
    hubUrl,
    ...(token !== undefined && { accessToken: token }),
    ...(options.fetch && { fetch: options.fetch }),
  };
  const { sha: commit } = await hub.modelInfo({
    ...access,
    name,
    revision,
    additionalFields: ['sha'],
  });
  if (!isCommit(commit)) throw new TypeError(`its commit is ${JSON.stringify(commit)}`);
  const snapshot = cache.snapshot(commit);
  if (missingFiles(snapshot).length > 0) {
    const files = new Map<string, HubFile>();
    const repo = { type: 'model', name } as const;
    for await (const entry of hub.listFiles({ ...access, repo, revision: commit })) {
      if (entry.type === 'file') files.set(entry.path, entry);
    }
    const fetchAll = async (paths: readonly string[]): Promise<void> => {
      for (const path of paths) {
        const file = files.get(path);
        if (!file) throw lacks(name, path);
        if (!existsSync(join(snapshot, path))) options.onFile?.({ path, bytes: file.size });
        // Plain HTTP rather than xet: a single stream that can be checked as it arrives.
        const open = (): Promise<Blob | null> =>
          hub.downloadFile({ ...access, repo, path, revision: commit, xet: false });
        await downloadInto({ blobs: cache.blobs, snapshot }, file, open);
      }
    };
    const { small, weights } = neededFiles(name, [...files.keys()]);
    await fetchAll(small);
    await fetchAll(weights ?? shardsOf(join(snapshot, 'model.safetensors.index.json')));
  }
  cache.remember(revision, commit);
  return snapshot;
}

const smallFiles =
  /^(config|generation_config|special_tokens_map|tokenizer[\w.-]*|adapter_config|model\.safetensors\.index)\.json$|^chat_template\.jinja$/;

/** Weights come last, so that a folder that has them has the rest; the names of shards come from their index. */
function neededFiles(
  name: string,
  all: readonly string[],
): { readonly small: readonly string[]; readonly weights: readonly string[] | undefined } {
  const isAdapter = all.includes('adapter_config.json') && !all.includes('config.json');
  const single = isAdapter ? 'adapter_model.safetensors' : 'model.safetensors';
  const index = 'model.safetensors.index.json';
  const isSharded = !isAdapter && !all.includes(single) && all.includes(index);
  const needed = [
    ...(isAdapter ? [] : ['config.json', 'tokenizer.json']),
    isSharded ? index : single,
  ];
  const absent = needed.find((path) => !all.includes(path));
  if (absent !== undefined) throw lacks(name, absent);
  const small = all.filter((path) => smallFiles.test(path) && (isSharded || path !== index));
  return { small: small.sort(), weights: isSharded ? undefined : [single] };
}

const lacks = (name: string, path: string): FeedprintError =>
  new FeedprintError({
    code: 'checkpoint-unsupported',
    message: `${name} has no ${path} on the hub`,
    remedy: path.endsWith('.safetensors')
      ? 'choose a revision with safetensors, often refs/pr/1, or convert its weights'
      : 'choose a copy of it that has one; save_pretrained of transformers writes one',
  });
