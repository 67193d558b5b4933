// Audit preference pairs against a reward function of your own. Here: pairs that prefer the shorter of two reviews.
// node examples/dist/own-reward.js [run folder] [base folder] [tuned folder]
import { mkdir, writeFile } from 'node:fs/promises';
import { createFunctionSignal, readTexts } from '@feedprint/feedback';
import { audit } from 'feedprint';
import { demo } from './demo.ts';

const [out = 'runs/own-reward', base = demo('base'), tuned = demo('tuned-planted')] =
  process.argv.slice(2);
const brevity = createFunctionSignal({
  name: 'brevity',
  granularity: 'sequence',
  range: [-10_000, 0],
  score: ({ reply }) => -reply.length,
});

const { texts } = await readTexts(demo('texts.jsonl'), { limit: 60 });
const pairs = Array.from({ length: texts.length >> 1 }, (_, i) => {
  const [chosen, rejected] = texts.slice(2 * i, 2 * i + 2).sort((a, b) => a.length - b.length);
  return JSON.stringify({ prompt: `Write review ${i}.`, chosen, rejected });
});
await mkdir(`${out}-data`, { recursive: true });
await writeFile(`${out}-data/pairs.jsonl`, pairs.join('\n'));

const { report } = await audit({
  base,
  tuned,
  pairs: `${out}-data/pairs.jsonl`,
  feedback: brevity,
  freshReplies: 0,
  out,
  quick: true,
});
console.log(report.answer.sentence);
for (const sentence of report.answer.restsOn) console.log(`- ${sentence}`);
