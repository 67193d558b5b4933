import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError } from '@feedprint/core';

/** Exporters' names for the whole model, full precision first. */
const whole = ['model.onnx', 'decoder_model_merged.onnx', 'decoder_model.onnx'];

/**
 * The ONNX file to run a model from: the named file itself or, for a folder without safetensors, the file in it or in
 * its `onnx`; `undefined` for anything else. Throws `checkpoint-invalid` for a folder with several, none of which is an
 * obvious choice.
 */
export function findOnnxFile(fileOrFolder: string): string | undefined {
  if (fileOrFolder.endsWith('.onnx')) return fileOrFolder;
  if (
    !isFolder(fileOrFolder) ||
    filesOf(fileOrFolder, /\.safetensors(\.index\.json)?$/).length > 0
  ) {
    return undefined;
  }
  const found = [fileOrFolder, join(fileOrFolder, 'onnx')].flatMap((folder) =>
    filesOf(folder, /\.onnx$/).map((name) => ({ name, path: join(folder, name) })),
  );
  const [first, ...others] = found;
  if (others.length === 0) return first?.path;
  const chosen = whole.flatMap((name) => found.filter((file) => file.name === name));
  if (chosen[0]) return chosen[0].path;
  throw new FeedprintError({
    code: 'checkpoint-invalid',
    message: `${fileOrFolder} contains several ONNX files: ${found.map(({ name }) => name).join(', ')}`,
    remedy: 'name the file itself',
  });
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

const filesOf = (folder: string, pattern: RegExp): string[] =>
  isFolder(folder)
    ? readdirSync(folder)
        .filter((name) => pattern.test(name))
        .sort()
    : [];
