// Which words did tuning teach against the stated feedback? Two models, texts and a lexicon; no autoencoder needed.
// node examples/dist/contradicted-words.js [base folder] [tuned folder] [texts file]
import { encodeTexts, loadModel } from '@feedprint/activations';
import { matrix, row } from '@feedprint/core';
import { createVaderSignal, readTexts, scoredTokens } from '@feedprint/feedback';
import { findDiscrepancies, impliedReward } from '@feedprint/probe';
import { demo } from './demo.ts';

const [baseFolder = demo('base'), tunedFolder = demo('tuned-planted'), file = demo('texts.jsonl')] =
  process.argv.slice(2);
const models = { base: await loadModel(baseFolder), tuned: await loadModel(tunedFolder) };
const { tokenizer } = models.base;
const { texts } = await readTexts(file);
const { rows } = encodeTexts(models.base, texts.slice(0, 400));
const tokens = rows.flatMap((row) => Array.from(row));

const seen = new Set(tokens);
const scored = await scoredTokens(tokenizer, createVaderSignal());
const words = scored.filter(({ id }) => seen.has(id));
const logProbsOf = Int32Array.from(words, ({ id }) => id);

const counts = {
  base: matrix(rows.length, words.length),
  tuned: matrix(rows.length, words.length),
};
for (const role of ['base', 'tuned'] as const) {
  for (const [text, ids] of rows.entries()) {
    const { logProbsOf: logProbs = matrix(0, words.length) } = await models[role].run([ids], {
      logProbsOf,
    });
    const expected = row(counts[role], text);
    for (let p = 0; p + 1 < ids.length; p++) {
      row(logProbs, p).forEach((value, w) => (expected[w] = (expected[w] ?? 0) + Math.exp(value)));
    }
  }
  await models[role].dispose();
}

const estimates = impliedReward(counts).map((reward, i) => {
  const { id, word, stated } = words[i] as (typeof words)[number];
  return {
    ...reward,
    word,
    token: id,
    stated,
    n: tokens.filter((token) => token === id).length,
  };
});
const contradicted = findDiscrepancies(estimates)
  .filter(({ flagged }) => flagged)
  .sort((a, b) => b.score - a.score);
for (const { word, stated, estimate, expected, q } of contradicted) {
  console.log(
    `${word.padEnd(14)} stated ${stated.toFixed(1)}  learned ${estimate.toFixed(2)}  expected ${expected.toFixed(2)}  q ${q.toExponential(1)}`,
  );
}
