// Capture MLP outputs of a model, train a TopK sparse autoencoder on them and keep it as a SAELens folder.
// node examples/dist/train-an-sae.js [folder for the SAE] [checkpoint folder] [texts file]
import { createModelStore, encodeTexts, loadModel } from '@feedprint/activations';
import { readTexts } from '@feedprint/feedback';
import { createOnnxTrainer, createSaeLensFormat, evaluateSae } from '@feedprint/sae';
import { demo } from './demo.ts';

const [out, folder = demo('base'), file = demo('texts.jsonl')] = process.argv.slice(2);
const model = await loadModel(folder);
const site = `blocks.${model.info.layers - 1}.hook_mlp_out`;

const { texts } = await readTexts(file, { limit: 100 });
const store = createModelStore(model, encodeTexts(model, texts).rows, [site]);
const trainer = createOnnxTrainer({ kind: 'topk', k: 8, tokens: 20_000 });
const sae = await trainer.train(store, { site, dSae: 256, seed: 1 });

const { fvu, l0, alive } = await evaluateSae(sae, await store.read(site, 0, store.rows));
console.log(
  `${site}: ${store.rows} rows, variance unexplained ${fvu.toFixed(3)}, ${l0.toFixed(1)} active of ${sae.dSae}, ${Math.round(100 * alive)} % alive`,
);
if (out) await createSaeLensFormat().save(sae, out);
await sae.dispose();
await model.dispose();
