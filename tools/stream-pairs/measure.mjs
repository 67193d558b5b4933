// Streams a file of pairs and measures every property of characters of both replies; prints seconds and peak memory:
//   node tools/stream-pairs/measure.mjs FILE [--read-only]
import { performance } from 'node:perf_hooks';
import { resourceUsage } from 'node:process';
import { measureProperties, openPreferencePairs, standardProperties } from '@feedprint/feedback';

/** Pairs whose replies are measured at a time. */
const CHUNK = 500;

const [file, flag] = process.argv.slice(2);
const properties = flag === '--read-only' ? [] : standardProperties();
const begin = performance.now();
const progress = (count) => {
  if (count % 10_000 === 0) process.stderr.write(`${count} pairs, ${Math.round(seconds())} s\n`);
};
const seconds = () => (performance.now() - begin) / 1000;
const { pairs, summary } = await openPreferencePairs(file, { onProgress: progress });
const sums = properties.map(() => 0);
let chunk = [];

async function measure() {
  const values = await measureProperties(properties, chunk);
  for (const [p, array] of values.entries()) for (const value of array) sums[p] += value || 0;
  chunk = [];
}

for await (const { prompt, chosen, rejected } of pairs) {
  chunk.push({ prompt, reply: chosen }, { prompt, reply: rejected });
  if (chunk.length === 2 * CHUNK) await measure();
}
await measure();
const { layout, count, duplicates } = summary();
const megabytes = Math.round(resourceUsage().maxRSS / 1024);
const result = {
  layout,
  count,
  duplicates,
  properties: properties.length,
  seconds: seconds(),
  megabytes,
};
console.log(JSON.stringify(result));
