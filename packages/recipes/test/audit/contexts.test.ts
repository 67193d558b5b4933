import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditSettingsInput } from '../../src/audit/settings.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { createFakeModel, pushed } from './support/fake-model.ts';
import { createFakeParts } from './support/fake-parts.ts';
import { runAudit } from './support/run-audit.ts';

let texts: string;

beforeAll(async () => {
  texts = join(await temporaryFolder(), 'texts.txt');
  const lines = ['the film was good', 'the plot was bad', 'nice film great plot', 'sad awful film'];
  await writeFile(texts, lines.join('\n'));
});

const audit = async (settings: AuditSettingsInput = {}) =>
  runAudit({
    base: 'base',
    tuned: 'tuned',
    texts,
    out: join(await temporaryFolder(), 'run'),
    parts: createFakeParts({
      loadModel: async (name) => createFakeModel(name, name === 'base' ? {} : pushed),
    }),
    settings: { widths: [1, 2], randomAblations: 2, ...settings },
    question: 'is it about praise?',
    version: '1.2.3',
  });

describe('contexts that the models write', () => {
  test('show the shifts of the texts where words do not depend on what came before', async () => {
    const { report } = await audit();
    const { contexts } = report;
    expect(contexts?.prompts).toBe(4);
    expect(contexts?.tokens.tuned).toBeGreaterThan(0);
    // Not 1: two words shifted alike.
    expect(contexts?.correlation).toBeGreaterThan(0.9);
    expect(contexts?.verdict).toMatchObject({ verdict: 'learned', n: 6 });
    expect(contexts?.flagged).toEqual({ both: ['nice'], textsOnly: [], ownOnly: [] });
    for (const { word, tuned, base } of contexts?.words ?? []) {
      const estimate = report.words?.find((one) => one.word === word)?.estimate as number;
      expect(tuned?.shift).toBeCloseTo(estimate, 5);
      expect(base?.shift).toBeCloseTo(estimate, 5);
    }
  });

  test('are left out where they are not asked for', async () => {
    const { report } = await audit({ onPolicyTokens: 0 });
    expect(report.contexts).toBeUndefined();
  });
});
