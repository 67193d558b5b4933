import { readFile, readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { FeedprintError } from '@feedprint/core';
import { z } from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import { flush, hashFile, writeFlushed } from '@feedprint/core/files';

const manifestName = 'manifest.json';

const manifestSchema = z.object({
  stage: z.string(),
  key: z.string(),
  files: z.record(
    z.string(),
    z.object({ bytes: z.int().nonnegative(), sha256: z.string().length(64) }),
  ),
});

/**
 * Flushes everything in a folder, then writes `manifest.json`, the last file, with the size and SHA-256 of each file.
 * Throws `run-invalid` if the folder contains anything but files and folders.
 */
export async function sealArtifact(folder: string, stage: string, key: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: z.infer<typeof manifestSchema>['files'] = {};
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).split(sep).join('/');
    if (entry.isDirectory()) {
      await flush(path, 'folder');
    } else if (entry.isFile() && name !== manifestName) {
      await flush(path, 'file');
      files[name] = { bytes: (await stat(path)).size, sha256: await hashFile(path) };
    } else {
      throw new FeedprintError({
        code: 'run-invalid',
        message: `stage ${stage} wrote ${name}, which is not a plain file or has the manifest's name`,
        remedy: 'let stages write plain files and folders, and no manifest.json at the top',
      });
    }
  }
  const manifest = canonicalJson({ stage, key, files });
  await writeFlushed(join(folder, manifestName), `${manifest}\n`);
  await flush(folder, 'folder');
}

/** True if the folder is this artifact, complete and with every byte as it was written. */
export async function isIntact(folder: string, stage: string, key: string): Promise<boolean> {
  try {
    const text = await readFile(join(folder, manifestName), 'utf8');
    const manifest = manifestSchema.parse(JSON.parse(text));
    if (manifest.stage !== stage || manifest.key !== key) return false;
    const files = Object.entries(manifest.files);
    for (const [name, { bytes }] of files) {
      if ((await stat(join(folder, name))).size !== bytes) return false;
    }
    for (const [name, { sha256 }] of files) {
      if ((await hashFile(join(folder, name))) !== sha256) return false;
    }
    return true;
  } catch {
    return false; // Missing, unreadable or not a manifest: in all cases the stage must run again.
  }
}
