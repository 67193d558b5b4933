import { afterAll, describe, expect, test } from '@jest/globals';
import { createFeedprintFormat } from '../../src/formats/saelens.ts';
import { readSae } from '../../src/formats/read-sae.ts';
import { createWorkspace, floatsOf, golden, goldenRows } from './support/golden.ts';

const workspace = createWorkspace();
afterAll(() => workspace.remove());

/** Formats that name no site. */
const siteless = /^(paper|gemma (lower|f8))/;

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] as number))), 0);
}

describe.each(golden.cases.map((each) => [each.name, each] as const))('%s', (name, each) => {
  test('loads with the features and reconstructions that it has at home', async () => {
    const options = siteless.test(name) ? { threads: 1, site: golden.site } : { threads: 1 };
    const sae = await readSae(workspace.write(each), options);
    const features = await sae.encode(goldenRows);
    expect([sae.kind, sae.site]).toEqual([each.kind, golden.site]);
    const expected = floatsOf(each.features);
    expect(expected.some((v) => v > 0)).toBe(true);
    expect(features.data.map((v) => (v > 0 ? 1 : 0))).toEqual(expected.map((v) => (v > 0 ? 1 : 0)));
    expect(largestDifference(features.data, expected)).toBeLessThan(1e-5);
    const reconstruction = await sae.decode(features);
    const wanted = floatsOf(each.reconstruction);
    expect(largestDifference(reconstruction.data, wanted)).toBeLessThan(1e-5);
    await sae.dispose();
  });

  test('saved here, comes back the same', async () => {
    const sae = await readSae(workspace.write(each), { threads: 1, site: golden.site });
    const folder = workspace.path('saved');
    await createFeedprintFormat().save(sae, folder);
    const again = await readSae(folder, { threads: 1 });
    expect(again.architecture).toEqual(sae.architecture);
    expect(again.weights).toEqual(sae.weights);
    expect(again.site).toBe(sae.site);
  });
});
