// A pipeline over a model that other tools exported to ONNX: which sites were found, and an SAE on one of them.
// node examples/dist/onnx-model.js model.onnx [texts file]
import { createModelStore, encodeTexts, loadOnnxModel } from '@feedprint/activations';
import { readTexts } from '@feedprint/feedback';
import { createOnnxTrainer, evaluateSae } from '@feedprint/sae';
import { demo } from './demo.ts';

const [model = 'model.onnx', file = demo('texts.jsonl')] = process.argv.slice(2);
const imported = await loadOnnxModel(model);
const { found, missing } = imported.import;
console.log(
  `${imported.info.architecture}: ${found.length} sites found, ${missing.length} missing`,
);

const site = found.find((name) => name.endsWith('hook_mlp_out')) ?? found[0] ?? '';
const { texts } = await readTexts(file, { limit: 100 });
const store = createModelStore(imported, encodeTexts(imported, texts).rows, [site]);
const trainer = createOnnxTrainer({ kind: 'topk', k: 4, tokens: 20_000 });
const sae = await trainer.train(store, { site, dSae: 64, seed: 1 });
const { explainedVariance } = await evaluateSae(sae, await store.read(site, 0, store.rows));
console.log(`${site}: ${Math.round(100 * explainedVariance)} % of the variance explained`);
await sae.dispose();
await imported.dispose();
