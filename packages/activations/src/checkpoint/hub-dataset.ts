import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { replaceFile, writeFlushed } from '@feedprint/core/files';
import { hubCacheFolder, isCommit, repositoryCache } from './hub-cache.ts';
import type { RepositoryCache } from './hub-cache.ts';
import { downloadInto } from './hub-download.ts';
import type { HubFile } from './hub-download.ts';
import { hubError } from './hub-errors.ts';
import { accessOf, isOffline, parseHubName } from './hub-options.ts';
import type { HubOptions } from './hub-options.ts';

/** Names of files of rows, plain or compressed. */
const DATA = /\.(jsonl|json|csv|tsv|parquet|txt|arrow)(\.(gz|zst|xz))?$/;
/** What describes a data set rather than being one. */
const DESCRIBES = /^(dataset_infos?|dataset_dict|state)\.json$/;
/** Says, in a snapshot, which files it has once all of them are there. */
const WHOLE = '.feedprint-files.json';

/**
 * The folder with the files of a data set on the Hugging Face hub, `org/name` or `org/name@revision`: those in its folder `data`
 * or else at its top, downloaded to the cache that all of Hugging Face's tools share. Whatever exists as a path, and what is no
 * name on the hub, is returned as it is. A commit that is in the cache is returned without contacting the hub. Throws
 * `texts-invalid` for a name that the hub does not have, one whose files are elsewhere, and one that is not in the cache when
 * offline; `service-failed` when the hub refuses or cannot be reached.
 */
export async function resolveDataset(
  nameOrPath: string,
  options: HubOptions = {},
): Promise<string> {
  const named = parseHubName(nameOrPath, options.revision);
  if (!named || existsSync(nameOrPath) || DATA.test(named.name)) return nameOrPath;
  const { name, revision } = named;
  const cacheFolder = options.cacheDir ?? hubCacheFolder(options.environment ?? process.env);
  const cache = repositoryCache(cacheFolder, name, 'datasets');
  const known = cache.commitOf(revision);
  const folder = known === undefined ? undefined : wholeFolder(cache.snapshot(known));
  if (folder !== undefined && (isCommit(revision) || isOffline(options))) return folder;
  if (isOffline(options)) {
    throw new FeedprintError({
      code: 'texts-invalid',
      message: `there is no file ${nameOrPath}, and the data set ${name} at ${revision} is not complete in the cache ${cacheFolder}`,
      remedy: 'check the path, or load it once without --offline and HF_HUB_OFFLINE',
    });
  }
  const { token } = accessOf(options);
  try {
    return await download({ name, revision, cache, options });
  } catch (error) {
    throw hubError({ name, revision, hasToken: token !== undefined, kind: 'dataset' }, error);
  }
}

/** The folder of a snapshot's files, if all of them are there. */
function wholeFolder(snapshot: string): string | undefined {
  const marker = join(snapshot, WHOLE);
  if (!existsSync(marker)) return undefined;
  const files = JSON.parse(readFileSync(marker, 'utf8')) as readonly string[];
  return files.every((path) => existsSync(join(snapshot, path)))
    ? folderOf(snapshot, files)
    : undefined;
}

const folderOf = (snapshot: string, files: readonly string[]): string =>
  files.some((path) => path.startsWith('data/')) ? join(snapshot, 'data') : snapshot;

interface Request {
  readonly name: string;
  readonly revision: string;
  readonly cache: RepositoryCache;
  readonly options: HubOptions;
}

async function download({ name, revision, cache, options }: Request): Promise<string> {
  const hub = await import('@huggingface/hub');
  const { token, hubUrl } = accessOf(options);
  const access = {
    hubUrl,
    ...(token !== undefined && { accessToken: token }),
    ...(options.fetch && { fetch: options.fetch }),
  };
  const { sha: commit } = await hub.datasetInfo({
    ...{ ...access, name, revision },
    additionalFields: ['sha'],
  });
  if (!isCommit(commit)) throw new TypeError(`its commit is ${JSON.stringify(commit)}`);
  const snapshot = cache.snapshot(commit);
  const repo = { type: 'dataset', name } as const;
  if (wholeFolder(snapshot) === undefined) {
    const all: HubFile[] = [];
    const listing = { ...access, repo, revision: commit, recursive: true };
    for await (const entry of hub.listFiles(listing)) {
      if (entry.type === 'file') all.push(entry);
    }
    const files = filesOfRows(name, all);
    for (const file of files) {
      const { path, size } = file;
      if (!existsSync(join(snapshot, path))) options.onFile?.({ path, bytes: size });
      const open = (): Promise<Blob | null> =>
        hub.downloadFile({ ...access, repo, path, revision: commit, xet: false });
      await downloadInto({ blobs: cache.blobs, snapshot }, file, open);
    }
    const paths = files.map(({ path }) => path);
    await replaceFile(join(snapshot, WHOLE), (aside) => writeFlushed(aside, JSON.stringify(paths)));
  }
  cache.remember(revision, commit);
  return wholeFolder(snapshot) as string;
}

function filesOfRows(name: string, all: readonly HubFile[]): readonly HubFile[] {
  const data = all.filter(({ path }) => DATA.test(path) && !DESCRIBES.test(path));
  const inData = data.filter(({ path }) => /^data\/[^/]+$/.test(path));
  const files = inData.length > 0 ? inData : data.filter(({ path }) => !path.includes('/'));
  if (files.length > 0) return files;
  const folders = [...new Set(data.map(({ path }) => path.replace(/\/[^/]*$/, '')))].sort();
  throw new FeedprintError({
    code: 'texts-invalid',
    message: `the data set ${name} has no files of rows at its top or in data${folders.length > 0 ? `, only in ${folders.slice(0, 8).join(', ')}` : ''}`,
    remedy: 'download the files that are meant, and name their folder',
  });
}
