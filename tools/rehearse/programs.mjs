/** What each package is asked to do when it is installed alone: a program that ends well only if it works. */
export const programs = {
  '@feedprint/activations': `
    import { createMemoryStore, knownArchitectures } from '@feedprint/activations';
    const none = new Int32Array(0);
    const store = createMemoryStore({ text: none, position: none, token: none, activations: new Map() });
    if (store.rows !== 0 || !knownArchitectures.includes('llama')) throw new Error('wrong');`,
  '@feedprint/core': `
    import { createRandom } from '@feedprint/core';
    if (createRandom(7).next() !== createRandom(7).next()) throw new Error('wrong');`,
  '@feedprint/dashboard': `
    import { mkdtempSync } from 'node:fs';
    import { startDashboard } from '@feedprint/dashboard';
    const dashboard = await startDashboard({ folder: mkdtempSync('runs-') });
    const page = await (await fetch(dashboard.url)).text();
    await dashboard.close();
    if (!page.includes('<html')) throw new Error('no page');`,
  '@feedprint/demo-models': `
    import { readFileSync } from 'node:fs';
    const at = (name) => new URL(name, import.meta.resolve('@feedprint/demo-models/package.json'));
    if (JSON.parse(readFileSync(at('base/config.json'), 'utf8')).model_type !== 'gpt_neox') throw new Error('wrong');`,
  '@feedprint/feedback': `
    import { createVaderScorer } from '@feedprint/feedback';
    if (createVaderScorer()('A wonderful film!').compound <= 0) throw new Error('wrong');`,
  '@feedprint/finetune': `
    import { dpo } from '@feedprint/finetune';
    if (!dpo({ beta: 0.1 })) throw new Error('wrong');`,
  '@feedprint/graph': `
    import { Graph, mul } from '@feedprint/graph';
    const x = new Graph().input('x', 'float32', [2]);
    if (mul(x, x).shape[0] !== 2) throw new Error('wrong');`,
  '@feedprint/labeling': `
    import { createOfflineLabeler } from '@feedprint/labeling';
    if (createOfflineLabeler().name !== 'offline') throw new Error('wrong');`,
  '@feedprint/pipeline': `
    import { mkdtempSync } from 'node:fs';
    import { readParquet, writeParquet } from '@feedprint/pipeline';
    const file = mkdtempSync('tables-') + '/t.parquet';
    await writeParquet({ file, columns: { n: 'INTEGER' }, rows: [{ n: 3 }] });
    if ((await readParquet(file))[0].n !== 3) throw new Error('wrong');`,
  '@feedprint/probe': `
    import { auroc } from '@feedprint/probe';
    if (auroc([1, 2, 3], [0, 0, 1]) !== 1) throw new Error('wrong');`,
  '@feedprint/recipes': `
    import { auditReport } from '@feedprint/recipes';
    if (!('answer' in auditReport.jsonSchema().properties)) throw new Error('wrong');`,
  '@feedprint/report': `
    import { composeReport } from '@feedprint/report';
    import { words } from '@feedprint/report/chapters/words';
    if (!('words' in composeReport([words]).jsonSchema().properties)) throw new Error('wrong');`,
  '@feedprint/sae': `
    import { matrix } from '@feedprint/core';
    import { createSae } from '@feedprint/sae';
    const weights = { wEnc: matrix(2, 4), bEnc: new Float32Array(4), wDec: matrix(4, 2), bDec: new Float32Array(2) };
    const sae = createSae({ site: 'blocks.0.hook_mlp_out', architecture: { kind: 'topk', k: 2 }, weights });
    if (sae.dSae !== 4) throw new Error('wrong');`,
  feedprint: `
    import { defineAudit } from 'feedprint';
    if (defineAudit({ base: 'a' }).base !== 'a') throw new Error('wrong');`,
};
