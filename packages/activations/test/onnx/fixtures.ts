import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { temporaryFolder } from '../support/tiny-checkpoint.ts';

const root = fileURLToPath(new URL('fixtures', import.meta.url));

/** The exports of tools/golden/onnx_exports.py. */
export const fixtures: readonly string[] = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** Unpacks an export into a folder of its own; gives the path of its `.onnx` file. */
export function unpack(name: string): string {
  const folder = temporaryFolder();
  const from = join(root, name);
  let model = '';
  for (const file of readdirSync(from)) {
    const target = join(folder, file.replace(/\.gz$/, ''));
    const bytes = readFileSync(join(from, file));
    writeFileSync(target, file.endsWith('.gz') ? gunzipSync(bytes) : bytes);
    if (target.endsWith('.onnx')) model = target;
  }
  writeFileSync(join(folder, 'tokenizer.json'), readFileSync(join(root, 'tokenizer.json')));
  return model;
}

export interface GoldenRow {
  readonly ids: readonly number[];
  /** After the last token. */
  readonly logits: readonly number[];
  /** At the last token. */
  readonly sites: Readonly<Record<string, readonly number[]>>;
}

/** What transformers computes for the model behind an export. */
export function golden(name: string): readonly GoldenRow[] {
  const text = readFileSync(join(root, name, 'golden.json'), 'utf8');
  return (JSON.parse(text) as { rows: GoldenRow[] }).rows;
}

export interface GoldenEdit {
  /** Sites whose even units are a quarter as large as else. */
  readonly sites: readonly string[];
  /** The first few, after the last token of the first row. */
  readonly logits: readonly number[];
}

export function goldenEdits(name: string): readonly GoldenEdit[] {
  const text = readFileSync(join(root, name, 'golden.json'), 'utf8');
  return (JSON.parse(text) as { edited: GoldenEdit[] }).edited;
}
