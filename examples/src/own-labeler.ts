// Explain neurons of an MLP with a labeler of your own, and score each explanation on windows that it has not seen.
// node examples/dist/own-labeler.js [checkpoint folder] [texts file]
import { encodeTexts, loadModel } from '@feedprint/activations';
import { createRandom, matrix } from '@feedprint/core';
import { readTexts } from '@feedprint/feedback';
import { sampleEvidence } from '@feedprint/labeling';
import { demo } from './demo.ts';
import { createMostActiveWord } from './parts/most-active-word.ts';

const [folder = demo('base'), file = demo('texts.jsonl')] = process.argv.slice(2);
const model = await loadModel(folder);
const { texts } = await readTexts(file, { limit: 150 });
const { rows } = encodeTexts(model, texts);
const site = 'blocks.1.mlp.hook_post';
const { activations } = await model.run(rows, { capture: [site] });
const { data, columns } = activations.get(site) ?? matrix(0, 0);

const labeler = createMostActiveWord();
for (let neuron = 0; neuron < 12; neuron++) {
  let position = 0;
  const values = rows.map((row) =>
    Float32Array.from(row, () => Math.max(0, data[position++ * columns + neuron] ?? 0)),
  );
  const evidence = sampleEvidence(
    {
      id: `${site}/${neuron}`,
      rows,
      tokenText: (token) => model.tokenizer.decode([token]),
      activations: values,
    },
    createRandom(neuron),
  );
  const explanation = await labeler.explain(evidence);
  const score = explanation && (await labeler.score(explanation, evidence));
  if (score) console.log(`${evidence.id} ${explanation} ${score.balancedAccuracy.toFixed(2)}`);
}
await model.dispose();
