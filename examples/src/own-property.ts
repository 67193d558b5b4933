// Do preferred replies have more of a property of your own? Here: do praising reviews speak more of their writer than others?
// node examples/dist/own-property.js [texts file]
import { createVaderScorer, readTexts, summarizePairs } from '@feedprint/feedback';
import { demo } from './demo.ts';
import { speaksOfItself } from './parts/speaks-of-itself.ts';

const [file = demo('texts.jsonl')] = process.argv.slice(2);
const { texts } = await readTexts(file, { limit: 600 });
const vader = createVaderScorer();
const pairs = Array.from({ length: texts.length >> 1 }, (_, i) => {
  const [a = '', b = ''] = texts.slice(2 * i, 2 * i + 2);
  const [chosen, rejected] = vader(a).compound >= vader(b).compound ? [a, b] : [b, a];
  return { prompt: `Review ${i}`, chosen, rejected };
});

for (const { name, difference } of await summarizePairs(pairs, [speaksOfItself])) {
  if (!difference) throw new Error(`${name} does not vary`);
  const { effect, low, high, n } = difference;
  console.log(
    `${name}: ${effect.toFixed(2)} standard deviations [${low.toFixed(2)}, ${high.toFixed(2)}] over ${n} pairs`,
  );
}
