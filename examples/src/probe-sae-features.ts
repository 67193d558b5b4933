// Do the features of a sparse autoencoder tell texts that VADER calls positive from others? Mean features, logistic probe, AUROC.
// node examples/dist/probe-sae-features.js
import { createModelStore, encodeTexts, loadModel } from '@feedprint/activations';
import { createRandom } from '@feedprint/core';
import { createVaderScorer, readTexts } from '@feedprint/feedback';
import { auroc, createLogistic, crossPredict } from '@feedprint/probe';
import { createOnnxTrainer, poolFeatures } from '@feedprint/sae';
import { demo } from './demo.ts';

const site = 'blocks.0.hook_resid_pre';
const model = await loadModel(demo('base'));
const { texts } = await readTexts(demo('texts.jsonl'), { limit: 800 });
const store = createModelStore(model, encodeTexts(model, texts).rows, [site]);
const trainer = createOnnxTrainer({ kind: 'topk', k: 4, tokens: 60_000 });
const sae = await trainer.train(store, { site, dSae: 512, seed: 1 });
const { features, texts: ids } = await poolFeatures(sae, store, { pool: 'mean' });

const vader = createVaderScorer();
const isPositive = Array.from(ids, (id) => Number(vader(texts[id] ?? '').compound > 0));
const makeProbe = () => createLogistic({ l2: 30 });
const split = { groups: ids, folds: 5, random: createRandom(1) };
const scores = crossPredict({ x: features, y: isPositive, makeProbe, ...split });
console.log(`AUROC ${auroc(scores, isPositive)?.toFixed(3)} on ${ids.length} texts`);
