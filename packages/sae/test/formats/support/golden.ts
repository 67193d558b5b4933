import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';

export interface GoldenCase {
  readonly name: string;
  readonly kind: string;
  /** JSON as it is; other files gzipped in base64. */
  readonly files: Readonly<Record<string, unknown>>;
  readonly features: string;
  readonly reconstruction: string;
}

interface Golden {
  readonly conversion: string;
  readonly site: string;
  readonly rows: number;
  readonly dIn: number;
  readonly x: string;
  readonly pickles: Readonly<Record<string, string>>;
  readonly cases: readonly GoldenCase[];
}

export const golden = JSON.parse(
  readFileSync(new URL('../../golden/formats/formats.json', import.meta.url), 'utf8'),
) as Golden;

/** The golden input, `[4, 6]`. */
export const goldenRows: Matrix = matrix(golden.rows, golden.dIn, floatsOf(golden.x));

/** f32 in base64. */
export function floatsOf(text: string): Float32Array {
  const bytes = new Uint8Array(Buffer.from(text, 'base64'));
  return new Float32Array(bytes.buffer);
}

export const unpacked = (text: string): Buffer => gunzipSync(Buffer.from(text, 'base64'));

/** A golden case by its name. */
export function goldenCase(name: string): GoldenCase {
  const found = golden.cases.find((other) => other.name === name);
  if (!found) throw new Error(`no golden case ${name}`);
  return found;
}

/** A folder for one test file's SAEs. */
export interface Workspace {
  /** A new path in it, ending with `name`. */
  path(name: string): string;
  /** Writes a golden case's files; the folder is called like the case. */
  write(golden: GoldenCase): string;
  remove(): void;
}

export function createWorkspace(): Workspace {
  const root = mkdtempSync(join(tmpdir(), 'feedprint-formats-'));
  let count = 0;
  const path = (name: string): string => join(root, `${count++}`, name);
  return {
    path,
    write({ name, files }) {
      const folder = path(name);
      mkdirSync(folder, { recursive: true });
      for (const [file, content] of Object.entries(files)) {
        const bytes = typeof content === 'string' ? unpacked(content) : JSON.stringify(content);
        writeFileSync(join(folder, file), bytes);
      }
      return folder;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
