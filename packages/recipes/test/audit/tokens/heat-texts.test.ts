import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { writeSafetensors } from '@feedprint/core';
import type { AuditContext } from '../../../src/audit/context.ts';
import { capture } from '../../../src/audit/capture/capture.ts';
import { heatTexts } from '../../../src/audit/tokens/heat-texts.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { createFakeModel, idOf, stated } from '../support/fake-model.ts';

const idsOf = (text: string): Int32Array => Int32Array.from(text.split(' '), idOf);

/** Texts whose token i (counted over all texts) has the log-ratio i / 8. */
async function heat(texts: readonly string[], flagged: readonly string[]) {
  const folder = await temporaryFolder();
  const rows = texts.map(idsOf);
  const total = rows.reduce((sum, { length }) => sum + length, 0);
  const base = Float32Array.from({ length: total }, () => -2);
  const tuned = base.map((value, i) => value + i / 8);
  writeSafetensors(join(folder, 'log-probs.safetensors'), {
    'tokens.base': { shape: [total], data: base },
    'tokens.tuned': { shape: [total], data: tuned },
  });
  const words = Object.entries(stated).map(([word, value]) => ({
    id: idOf(word),
    word,
    stated: value,
  }));
  const model = createFakeModel('tuned', {});
  const estimates = words.map(({ id, word }) => ({ token: id, flagged: flagged.includes(word) }));
  const models = { base: model, tuned: model };
  const context = { rows, words, models, parts: {} } as unknown as AuditContext;
  return heatTexts(context, await capture.read(folder, context), estimates);
}

describe('heatTexts', () => {
  test('shows the texts with the most different flagged words first', async () => {
    const texts = ['the good film', 'bad bad bad plot', 'the film', 'good was bad'];
    const shown = await heat(texts, ['good', 'bad']);
    expect(shown.map(({ text }) => text)).toEqual([3, 0, 1]);
    expect(shown[0]).toEqual({
      text: 3,
      tokens: [' good', ' was', ' bad'],
      logRatio: [9 / 8, 10 / 8, 11 / 8],
      stated: [2, null, -2],
      flagged: [0, 2],
    });
  });

  test('shows texts with scored words where none is flagged', async () => {
    const shown = await heat(['the film', 'the good film', 'nice awful plot'], []);
    expect(shown.map(({ text, flagged }) => [text, flagged])).toEqual([
      [2, []],
      [1, []],
    ]);
  });

  test('shows six beginnings at most', async () => {
    const long = `good ${'the '.repeat(200)}good`;
    const shown = await heat(Array<string>(8).fill(long), ['good']);
    expect(shown.map(({ text }) => text)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(shown[0]?.tokens.length).toBe(96);
  });
});
