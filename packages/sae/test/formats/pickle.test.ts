import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readSae } from '../../src/formats/read-sae.ts';
import { createWorkspace, golden, goldenCase, unpacked } from './support/golden.ts';

const workspace = createWorkspace();
afterAll(() => workspace.remove());

function written(name: string, bytes: Uint8Array): string {
  const path = workspace.path(name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

const messageOf = async (path: string): Promise<string> => {
  const error: unknown = await readSae(path).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'FeedprintError', code: 'checkpoint-unsupported' });
  return (error as Error).message;
};

describe.each(Object.entries(golden.pickles))('the pickle %s', (name, content) => {
  test.each([name, 'sae.safetensors', 'weights'])(
    'is refused by its content, as %s too',
    async (called) => {
      const path = written(called, unpacked(content));
      expect(await messageOf(path)).toContain(`${path} is a Python pickle`);
    },
  );
});

describe('the refusal of a pickle', () => {
  test('gives the line that converted the golden files', async () => {
    const path = written('ae.pt', unpacked(golden.pickles['zip.pt'] as string));
    const target = path.replace(/\.pt$/, '.safetensors');
    expect(await messageOf(path)).toContain(
      `python -c "${golden.conversion}" '${path}' '${target}'`,
    );
  });

  test('keeps paths that a shell would take apart in one piece', async () => {
    const path = written("it's $HOME.pt", unpacked(golden.pickles['legacy.pt'] as string));
    expect(await messageOf(path)).toContain(`${path.replace("'", "'\\''")}' '`);
  });

  test('comes for a folder that holds nothing else, and ends once it is converted', async () => {
    const folder = workspace.write(goldenCase('dictionary_learning AutoEncoder'));
    const pickle = join(folder, 'ae.pt');
    writeFileSync(pickle, unpacked(golden.pickles['zip.pt'] as string));
    expect((await readSae(folder)).kind).toBe('relu');
    rmSync(join(folder, 'ae.safetensors'));
    expect(await messageOf(folder)).toContain(`${pickle} is a Python pickle`);
  });

  test('comes for its name where the content says nothing', async () => {
    expect(await messageOf(written('sae.bin', Buffer.from('(lp0\n.')))).toContain('pickle');
  });

  test('does not come for safetensors whose length starts with the same byte', async () => {
    const header = JSON.stringify({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } });
    const bytes = Buffer.alloc(8 + 0x280 + 4, 0x20);
    bytes.writeBigUInt64LE(0x280n);
    bytes.write(header, 8);
    await expect(readSae(written('a.safetensors', bytes))).rejects.toThrow(/no SAE of a known/);
  });
});
