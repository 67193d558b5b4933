import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { LanguageModel } from '@feedprint/core';

import { temporaryFolder } from '../../temporary-folder.ts';
import { createFakeModel, pushed } from '../support/fake-model.ts';
import type { FakeModelChanges } from '../support/fake-model.ts';
import { createFakeParts } from '../support/fake-parts.ts';
import { runAudit } from '../support/run-audit.ts';

let texts: string;

beforeAll(async () => {
  texts = join(await temporaryFolder(), 'texts.txt');
  const lines = ['the film was good', 'the plot was bad', 'nice film great plot', 'sad awful film'];
  await writeFile(texts, lines.join('\n'));
});

/** The tuned model was pushed against the feedback for "nice"; its clean twin for no word, "other" for "sad". */
function modelNamed(name: string, changes: FakeModelChanges = {}): LanguageModel {
  const push = {
    base: {},
    twin: { ...pushed, nice: 1 },
    other: { ...pushed, nice: 1.5, sad: 1.5 },
  }[name];
  return createFakeModel(name, push ?? pushed, changes);
}

const audit = async (
  siblings: readonly string[],
  { changes, out }: { readonly changes?: FakeModelChanges; readonly out?: string } = {},
) =>
  runAudit({
    base: 'base',
    tuned: 'tuned',
    siblings,
    texts,
    out: out ?? join(await temporaryFolder(), 'run'),
    overwrite: out !== undefined,
    quick: true,
    parts: createFakeParts({
      loadModel: async (name, role) => modelNamed(name, role === 'sibling' ? changes : {}),
    }),
    question: 'is it about praise?',
    version: '1.2.3',
  });

describe('siblings of an audit', () => {
  test('are judged as the tuned model is, and what they raise is said', async () => {
    const { report } = await audit(['twin', 'other']);
    expect(report.verdict.siblings).toMatchObject({
      models: [
        { name: 'twin', verdict: 'learned', n: 6, flagged: [] },
        { name: 'other', verdict: 'learned', n: 6, flagged: ['sad'] },
      ],
      stay: ['nice'],
      withdrawn: [],
    });
    expect(report.settings['siblings']).toBeUndefined();
  });

  test('leave nothing behind where there are none', async () => {
    const { report } = await audit([]);
    expect(report.verdict.siblings).toBeNull();
  });

  test('change no stage that does not rest on them', async () => {
    const out = join(await temporaryFolder(), 'run');
    await audit([], { out });
    const before = await readdir(join(out, 'stages'));
    await audit(['twin'], { out });
    const after = await readdir(join(out, 'stages'));
    const added = after.filter((stage) => !before.includes(stage));
    expect(added.map((stage) => stage.replace(/-[0-9a-f]+$/, '')).sort()).toEqual([
      'replies',
      'siblings',
      'words',
    ]);
  });

  test('must be tunings of the same base, other than the audited one, each given once', async () => {
    const mismatch = expect.objectContaining({ code: 'models-mismatched' });
    await expect(audit(['twin'], { changes: { info: { layers: 2 } } })).rejects.toEqual(mismatch);
    await expect(audit(['tuned'])).rejects.toEqual(mismatch);
    await expect(audit(['twin', 'twin'])).rejects.toEqual(mismatch);
  });
});
