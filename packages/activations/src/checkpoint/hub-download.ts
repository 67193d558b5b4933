import { createHash, randomUUID } from 'node:crypto';
import {
  copyFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { FeedprintError } from '@feedprint/core';

/** A file of a repository, as the hub lists it. */
export interface HubFile {
  readonly path: string;
  readonly size: number;
  /** Git's SHA-1 of the file, or of the pointer to it if it is large. */
  readonly oid?: string;
  /** SHA-256 of a large file. */
  readonly lfs?: { readonly oid: string };
}

/**
 * Puts a file into a snapshot of the cache: its bytes into `blobs` under their hash, then a link to them. The blob gets
 * its name once all bytes are there and have the hash that the hub lists, so that an interrupted download leaves
 * nothing that looks complete.
 */
export async function downloadInto(
  folders: { readonly blobs: string; readonly snapshot: string },
  file: HubFile,
  open: () => Promise<Blob | null>,
): Promise<void> {
  const name = file.lfs?.oid ?? file.oid ?? '';
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(name) || leadsOut(file.path)) {
    throw broken(file, 'the hub lists it without a hash');
  }
  const blob = join(folders.blobs, name);
  const pointer = join(folders.snapshot, file.path);
  if (existsSync(pointer)) return;
  mkdirSync(folders.blobs, { recursive: true });
  mkdirSync(dirname(pointer), { recursive: true });
  if (!existsSync(blob)) await download(blob, file, open);
  link(blob, pointer);
}

/** Whether a path may lead out of the folder that it is in. */
const leadsOut = (path: string): boolean => /\\|^\/|(^|\/)\.\.(\/|$)/.test(path);

async function download(
  blob: string,
  file: HubFile,
  open: () => Promise<Blob | null>,
): Promise<void> {
  const partial = `${blob}.${randomUUID()}.incomplete`;
  try {
    const content = await open();
    if (!content) throw broken(file, 'the hub lists it but does not have it');
    const hash = file.lfs ? createHash('sha256') : createHash('sha1').update(`blob ${file.size}\0`);
    let size = 0;
    await pipeline(
      Readable.fromWeb(content.stream() as ReadableStream),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          size += chunk.length;
          yield chunk;
        }
      },
      createWriteStream(partial),
    );
    if (size !== file.size) throw broken(file, `${size} of ${file.size} bytes arrived`);
    if (hash.digest('hex') !== (file.lfs?.oid ?? file.oid)) {
      throw broken(file, 'its bytes do not have the hash that the hub lists');
    }
    renameSync(partial, blob);
  } finally {
    rmSync(partial, { force: true });
  }
}

/** A relative link, as Hugging Face's tools make it; a copy where links are not allowed. */
function link(blob: string, pointer: string): void {
  rmSync(pointer, { force: true });
  try {
    symlinkSync(relative(dirname(pointer), blob), pointer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    const partial = `${pointer}.${randomUUID()}.incomplete`;
    copyFileSync(blob, partial);
    renameSync(partial, pointer);
  }
}

const broken = (file: HubFile, why: string): FeedprintError =>
  new FeedprintError({
    code: 'service-failed',
    message: `${file.path} could not be downloaded: ${why}`,
    remedy: 'try again',
  });
