import { afterAll, describe, expect, test } from '@jest/globals';
import { matrix } from '@feedprint/core';
import type { Edit, Matrix } from '@feedprint/core';
import { loadOnnxModel } from '../../src/onnx/load-onnx-model.ts';
import type { OnnxLanguageModel } from '../../src/onnx/load-onnx-model.ts';
import { fixtures, goldenEdits, golden, unpack } from './fixtures.ts';

const mapped = (x: Matrix, map: (value: number, unit: number) => number): Matrix =>
  matrix(
    x.rows,
    x.columns,
    x.data.map((v, i) => map(v, i % x.columns)),
  );
/** The edit of the golden files: even units a quarter as large. */
const quarter = (site: string): Edit => ({
  site,
  apply: (x) => mapped(x, (v, unit) => (unit % 2 === 0 ? v / 4 : v)),
});
const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length && a.length > 0
    ? Math.max(...Array.from(a, (v, i) => Math.abs(v - (b[i] as number))))
    : NaN;

describe.each(fixtures)('edits of %s', (name) => {
  const tolerance = name.endsWith('f16') ? 2e-2 : 1e-4;
  let loaded: Promise<OnnxLanguageModel> | undefined;
  const load = (): Promise<OnnxLanguageModel> =>
    (loaded ??= loadOnnxModel(unpack(name), { threads: 1 }));
  afterAll(async () => (await loaded)?.dispose());
  const ids = golden(name).map((row) => row.ids);

  test.each(goldenEdits(name))(
    'at $sites change the logits as in transformers',
    async (expected) => {
      const model = await load();
      // The other rows are edited too, at their own positions.
      const { logits } = await model.run(ids, {
        logits: 'last',
        edits: expected.sites.map(quarter),
      });
      const first = (logits as Matrix).data.subarray(0, expected.logits.length);
      expect(worst(first, expected.logits)).toBeLessThanOrEqual(tolerance);
      expect(worst(golden(name)[0]?.logits.slice(0, first.length) ?? [], first)).toBeGreaterThan(
        tolerance,
      );
    },
  );

  test('in the middle of a block act as the same change of what attention added', async () => {
    const model = await load();
    if (!model.import.found.includes('blocks.0.hook_resid_mid')) {
      expect(model.import.missing.map(({ site }) => site)).toContain('blocks.*.hook_resid_mid');
      return;
    }
    const shift = (site: string): Edit => ({
      site,
      apply: (x) => mapped(x, (v, unit) => (unit < 3 ? v + 1 : v)),
    });
    const of = async (site: string): Promise<Float32Array> =>
      (await model.run(ids, { logits: 'last', edits: [shift(site)] })).logits?.data ??
      new Float32Array();
    const mid = await of('blocks.0.hook_resid_mid');
    expect(worst(mid, await of('blocks.0.hook_attn_out'))).toBeLessThanOrEqual(tolerance);
  });

  test('are seen at their own and later sites, not before', async () => {
    const model = await load();
    const capture = [
      'blocks.0.hook_mlp_out',
      'blocks.0.hook_resid_post',
      'blocks.1.hook_resid_pre',
    ];
    const plain = (await model.run(ids, { capture })).activations;
    const edits = [quarter('blocks.1.hook_resid_pre')];
    const edited = (await model.run(ids, { capture, edits })).activations;
    // The end of block 0 is the same tensor as the beginning of block 1, but stands before it.
    for (const site of capture.slice(0, 2)) expect(edited.get(site)).toEqual(plain.get(site));
    const expected = quarter('').apply(plain.get(capture[2] as string) as Matrix, new Int32Array());
    expect(edited.get(capture[2] as string)).toEqual(await expected);
  });
});

describe('edits', () => {
  let loaded: OnnxLanguageModel | undefined;
  afterAll(() => loaded?.dispose());

  test('of the wrong shape or at unknown sites are refused, with the reason', async () => {
    const model = (loaded = await loadOnnxModel(unpack('neox'), { threads: 1 }));
    const edits = (site: string, rows: number): Edit[] => [{ site, apply: () => matrix(rows, 16) }];
    await expect(
      model.run([[1, 2, 3]], { logits: 'last', edits: edits('blocks.0.hook_mlp_out', 2) }),
    ).rejects.toThrow('an edit returned [2, 16] for [3, 16]');
    await expect(
      model.run([[1, 2, 3]], { logits: 'last', edits: edits('blocks.1.hook_resid_mid', 3) }),
    ).rejects.toThrow(
      'the model has no site blocks.1.hook_resid_mid: attention and MLP read the same residual stream',
    );
  });
});
