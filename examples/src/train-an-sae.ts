// Capture MLP outputs of a model and train a TopK sparse autoencoder on them.
// node examples/dist/train-an-sae.js [checkpoint folder] [texts file]
import { createMemoryStore, encodeTexts, loadModel } from '@feedprint/activations';
import { matrix } from '@feedprint/core';
import { readTexts } from '@feedprint/feedback';
import { createOnnxTrainer, evaluateSae } from '@feedprint/sae';
import { demo } from './demo.ts';

const [folder = demo('base'), file = demo('texts.jsonl')] = process.argv.slice(2);
const model = await loadModel(folder);
const site = `blocks.${model.info.layers - 1}.hook_mlp_out`;

const { texts } = await readTexts(file);
const { rows } = encodeTexts(model, texts.slice(0, 200));
const { activations } = await model.run(rows, { capture: [site] });
const captured = activations.get(site) ?? matrix(0, model.info.width);

const store = createMemoryStore({
  text: Int32Array.from(rows.flatMap((row, text) => Array.from(row, () => text))),
  position: Int32Array.from(rows.flatMap((row) => Array.from(row.keys()))),
  token: Int32Array.from(rows.flatMap((row) => Array.from(row))),
  activations: new Map([[site, captured]]),
});
const trainer = createOnnxTrainer({ kind: 'topk', k: 8, tokens: 60_000 });
const sae = await trainer.train(store, { site, dSae: 256, seed: 1 });
const { fvu, l0, alive } = await evaluateSae(sae, captured);
console.log(
  `${site}: ${store.rows} rows, variance unexplained ${fvu.toFixed(3)}, ${l0.toFixed(1)} active of ${sae.dSae}, ${Math.round(100 * alive)} % alive`,
);
await sae.dispose();
await model.dispose();
