// What does a dictionary of the tuned model have that one of the base model lacks? The same training on both.
// node examples/dist/compare-dictionaries.js [base folder] [tuned folder] [texts file]
import { createModelStore, encodeTexts, loadModel } from '@feedprint/activations';
import { readTexts } from '@feedprint/feedback';
import { compareDictionaries, createOnnxTrainer } from '@feedprint/sae';
import { demo } from './demo.ts';

const [base = demo('base'), tuned = demo('tuned-planted'), file = demo('texts.jsonl')] =
  process.argv.slice(2);
const site = 'blocks.2.hook_resid_post';
const { texts } = await readTexts(file, { limit: 60 });
const trainer = createOnnxTrainer({ kind: 'topk', k: 8, tokens: 10_000 });

async function dictionaryOf(folder: string, seed: number) {
  const model = await loadModel(folder);
  const store = createModelStore(model, encodeTexts(model, texts).rows, [site]);
  const sae = await trainer.train(store, { site, dSae: 256, seed });
  await model.dispose();
  return sae;
}

const first = await dictionaryOf(base, 1);
for (const [name, folder, seed] of [
  ['base, another seed', base, 2],
  ['tuned, the same seed', tuned, 1],
] as const) {
  const { aInB, onlyInB } = await compareDictionaries(first, await dictionaryOf(folder, seed));
  console.log(
    `${name}: mean best cosine ${aInB.mmcs.toFixed(3)}, ${onlyInB.length} features without a counterpart`,
  );
}
