import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findOnnxFile, loadModel, loadOnnxModel } from '../../src/index.ts';
import { temporaryFolder, writeTinyCheckpoint } from '../support/tiny-checkpoint.ts';
import { unpack } from './fixtures.ts';

/** A folder with empty files of these names. */
function folderOf(...names: readonly string[]): string {
  const folder = temporaryFolder();
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), '');
  }
  return folder;
}

describe('the ONNX file of a model', () => {
  test.each([
    ['onnx/model.onnx', ['config.json', 'onnx/model.onnx']],
    ['onnx/model.onnx', ['onnx/model.onnx', 'onnx/model_q4.onnx', 'onnx/model_fp16.onnx']],
    ['model.onnx', ['model.onnx', 'model.onnx.data', 'decoder_model.onnx']],
    [
      'onnx/decoder_model_merged.onnx',
      ['onnx/decoder_model_merged.onnx', 'onnx/decoder_model.onnx'],
    ],
    ['onnx/model_q4.onnx', ['onnx/model_q4.onnx']],
  ])('is %s of %j', (expected, names) => {
    const folder = folderOf(...names);
    expect(findOnnxFile(folder)).toBe(join(folder, expected));
  });

  test('is the one named itself, and none of a checkpoint, an empty folder or a name', () => {
    expect(findOnnxFile('some/file.onnx')).toBe('some/file.onnx');
    const checkpoint = ['onnx/model.onnx', 'model.safetensors'] as const;
    const sharded = ['onnx/model.onnx', 'model.safetensors.index.json'] as const;
    for (const names of [checkpoint, sharded, ['config.json']]) {
      expect(findOnnxFile(folderOf(...names))).toBeUndefined();
    }
    expect(findOnnxFile('org/name')).toBeUndefined();
  });

  test('is not guessed among several', () => {
    const folder = folderOf('onnx/model_q4.onnx', 'onnx/model_fp16.onnx');
    expect(() => findOnnxFile(folder)).toThrow(
      /contains several ONNX files: model_fp16\.onnx, model_q4\.onnx; name the file itself/,
    );
  });
});

describe('a folder with an ONNX file', () => {
  test('is loaded as that file is, the file as well', async () => {
    const file = unpack('neox');
    const folder = dirname(file);
    const inner = join(folder, 'onnx', 'model.onnx');
    mkdirSync(dirname(inner));
    renameSync(file, inner);
    const models = [await loadModel(folder), await loadModel(inner), await loadOnnxModel(inner)];
    const logits = [];
    for (const model of models) {
      logits.push((await model.run([[1, 2, 3]], { logits: 'last' })).logits?.data);
      await model.dispose();
    }
    expect(logits[0]?.length).toBeGreaterThan(0);
    expect(logits[0]).toEqual(logits[2]);
    expect(logits[1]).toEqual(logits[2]);
  });

  test('takes no adapter and no weights drawn anew', async () => {
    const folder = dirname(unpack('neox'));
    const adapter = writeTinyCheckpoint();
    for (const options of [{ adapter }, { untrained: { seed: 1 } }]) {
      await expect(loadModel(folder, options)).rejects.toMatchObject({ code: 'usage' });
    }
  });
});
