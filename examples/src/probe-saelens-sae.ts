// Which features of an existing SAE, as SAELens writes it, tell texts that VADER calls positive from others?
// node examples/dist/probe-saelens-sae.js SAE [checkpoint folder] [texts file]
import { createModelStore, encodeTexts, loadModel } from '@feedprint/activations';
import { createVaderScorer, readTexts } from '@feedprint/feedback';
import { createLogistic } from '@feedprint/probe';
import { poolFeatures, readSae } from '@feedprint/sae';
import { demo } from './demo.ts';

const [saeFolder = 'runs/sae', folder = demo('base'), file = demo('texts.jsonl')] =
  process.argv.slice(2);
const sae = await readSae(saeFolder);
const model = await loadModel(folder);
const { texts } = await readTexts(file, { limit: 150 });
const store = createModelStore(model, encodeTexts(model, texts).rows, [sae.site]);
const { features, texts: ids } = await poolFeatures(sae, store, { pool: 'max' });

const vader = createVaderScorer();
const probe = createLogistic({ l2: 30 });
probe.fit(
  features,
  Array.from(ids, (id) => Number(vader(texts[id] ?? '').compound > 0)),
);
const strongest = Array.from(probe.weights, (weight, feature) => ({ feature, weight }))
  .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
  .slice(0, 5);
for (const { feature, weight } of strongest) {
  console.log(`feature ${feature}: ${weight.toFixed(2)} per standard deviation`);
}
await sae.dispose();
await model.dispose();
