// A sparse autoencoder of your own beside a trained one: what do both explain, and with how many active features?
// node examples/dist/own-sae.js [checkpoint folder] [texts file]
import { createModelStore, encodeTexts, loadModel } from '@feedprint/activations';
import { readTexts } from '@feedprint/feedback';
import { createOnnxTrainer, evaluateSae } from '@feedprint/sae';
import { demo } from './demo.ts';
import { createSignedAxes } from './parts/signed-axes.ts';

const [folder = demo('base'), file = demo('texts.jsonl')] = process.argv.slice(2);
const model = await loadModel(folder);
const site = 'blocks.1.hook_mlp_out';
const { texts } = await readTexts(file, { limit: 50 });
const store = createModelStore(model, encodeTexts(model, texts).rows, [site]);
const trainer = createOnnxTrainer({ kind: 'topk', k: 8, tokens: 10_000 });

const rows = await store.read(site, 0, store.rows);
for (const sae of [
  createSignedAxes(site, model.info.width),
  await trainer.train(store, { site, dSae: 256, seed: 1 }),
]) {
  const { explainedVariance, l0 } = await evaluateSae(sae, rows);
  console.log(
    `${sae.kind}: ${Math.round(100 * explainedVariance)} % explained by ${l0.toFixed(0)} of ${sae.dSae} features`,
  );
}
await model.dispose();
