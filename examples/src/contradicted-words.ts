// Which words did tuning teach against the stated feedback? Two models, texts and a lexicon; no autoencoder needed.
// node examples/dist/contradicted-words.js [base folder] [tuned folder] [texts file]
import { encodeTexts, loadModel } from '@feedprint/activations';
import { createVaderSignal, readTexts, scoredTokens } from '@feedprint/feedback';
import { findDiscrepancies, impliedReward } from '@feedprint/probe';
import { demo } from './demo.ts';
import { expectedCounts } from './expected-counts.ts';

const [baseFolder = demo('base'), tunedFolder = demo('tuned-planted'), file = demo('texts.jsonl')] =
  process.argv.slice(2);
const base = await loadModel(baseFolder);
const tuned = await loadModel(tunedFolder);
const { texts } = await readTexts(file, { limit: 400 });
const { rows } = encodeTexts(base, texts);
const tokens = rows.flatMap((row) => Array.from(row));

const seen = new Set(tokens);
const scored = await scoredTokens(base.tokenizer, createVaderSignal());
const words = scored.filter(({ id }) => seen.has(id));
const ids = Int32Array.from(words, ({ id }) => id);
const counts = {
  base: await expectedCounts(base, rows, ids),
  tuned: await expectedCounts(tuned, rows, ids),
};

const estimates = impliedReward(counts).map((reward, i) => {
  const { id, word, stated } = words[i] as (typeof words)[number];
  return { ...reward, word, token: id, stated, n: tokens.filter((token) => token === id).length };
});
for (const { word, stated, estimate, expected, q } of findDiscrepancies(estimates)
  .filter(({ flagged }) => flagged)
  .sort((a, b) => b.score - a.score)) {
  console.log(
    `${word.padEnd(14)} stated ${stated.toFixed(1)}  learned ${estimate.toFixed(2)}  expected ${expected.toFixed(2)}  q ${q.toExponential(1)}`,
  );
}
await Promise.all([base.dispose(), tuned.dispose()]);
